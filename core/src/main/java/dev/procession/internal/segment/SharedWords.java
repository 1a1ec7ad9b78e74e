package dev.procession.internal.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Words of a mapped segment that many processes read and write at any time. Offsets are in bytes,
 * multiples of the word's size; each access is volatile unless its name says otherwise, see {@link
 * VarHandle.AccessMode}.
 *
 * <p>Not for what a worker needs to start, see {@link SharedBytes}.
 */
public class SharedWords {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private static final boolean IS_LITTLE_ENDIAN =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final MemorySegment memory;

  public SharedWords(MemorySegment memory) {
    this.memory = memory;
  }

  /** The offset of the half of a word of 8 bytes that has its lower bits. */
  public static long lowerHalf(long offset) {
    return IS_LITTLE_ENDIAN ? offset : offset + Integer.BYTES;
  }

  /** The offset of the other half. */
  public static long upperHalf(long offset) {
    return IS_LITTLE_ENDIAN ? offset + Integer.BYTES : offset;
  }

  public MemorySegment memory() {
    return memory;
  }

  public int getInt(long offset) {
    return (int) INT.getVolatile(memory, offset);
  }

  public void setInt(long offset, int value) {
    INT.setVolatile(memory, offset, value);
  }

  /** Writes; earlier accesses stay before it. */
  public void setIntRelease(long offset, int value) {
    INT.setRelease(memory, offset, value);
  }

  public boolean compareAndSetInt(long offset, int expected, int value) {
    return INT.compareAndSet(memory, offset, expected, value);
  }

  /** Writes if it is what is expected, and returns what was there before. */
  public int compareAndExchangeInt(long offset, int expected, int value) {
    return (int) INT.compareAndExchange(memory, offset, expected, value);
  }

  /** Writes, and returns what was there before. */
  public int getAndSetInt(long offset, int value) {
    return (int) INT.getAndSet(memory, offset, value);
  }

  /** Adds, and returns what was there before. */
  public int getAndAddInt(long offset, int added) {
    return (int) INT.getAndAdd(memory, offset, added);
  }

  public long getLong(long offset) {
    return (long) LONG.getVolatile(memory, offset);
  }

  /** Reads after all earlier reads, also plain ones. */
  public long getLongAfterReads(long offset) {
    VarHandle.acquireFence();
    return (long) LONG.getVolatile(memory, offset);
  }

  public void setLong(long offset, long value) {
    LONG.setVolatile(memory, offset, value);
  }

  /** Writes; earlier accesses stay before it. */
  public void setLongRelease(long offset, long value) {
    LONG.setRelease(memory, offset, value);
  }

  public boolean compareAndSetLong(long offset, long expected, long value) {
    return LONG.compareAndSet(memory, offset, expected, value);
  }

  /** Writes if it is what is expected, and returns what was there before. */
  public long compareAndExchangeLong(long offset, long expected, long value) {
    return (long) LONG.compareAndExchange(memory, offset, expected, value);
  }

  /** Writes, and returns what was there before. */
  public long getAndSetLong(long offset, long value) {
    return (long) LONG.getAndSet(memory, offset, value);
  }

  /** Adds, and returns what was there before. */
  public long getAndAddLong(long offset, long added) {
    return (long) LONG.getAndAdd(memory, offset, added);
  }
}
