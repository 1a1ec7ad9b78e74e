package dev.procession.internal.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies bytes from memory to memory, shared or not, native or an array.
 *
 * <p>All of the library's copies between segments go through here, and none through {@link
 * MemorySegment#copyFrom} or the {@link MemorySegment#copy(MemorySegment, long, MemorySegment,
 * long, long) copy} without layouts. Those copy fewer than 64 bytes in a loop of their own, of
 * eight bytes at a time, whose compiled code was seen to leave out every other eight bytes from
 * some moment on, for as long as the JVM lived (Temurin 25.0.3 on x86-64; rare, and without
 * threads, native code or shared memory, too). With layouts the JDK calls a routine of the JVM for
 * any length. Where segments of several kinds come by, that is faster as well.
 */
public final class ByteCopy {
  private ByteCopy() {}

  /**
   * Copies as if through memory of its own: the two may overlap. Visible to others as plain writes
   * are.
   *
   * @throws IndexOutOfBoundsException if one of the segments has fewer bytes; nothing is copied
   */
  public static void copy(
      MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long count) {
    MemorySegment.copy(
        from, ValueLayout.JAVA_BYTE, fromOffset, to, ValueLayout.JAVA_BYTE, toOffset, count);
  }

  /** Copies all of a segment to the start of another. */
  public static void copy(MemorySegment from, MemorySegment to) {
    copy(from, 0, to, 0, from.byteSize());
  }
}
