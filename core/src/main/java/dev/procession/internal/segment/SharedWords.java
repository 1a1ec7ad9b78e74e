package dev.procession.internal.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Words of a mapped segment that many processes read and write at any time. Offsets are in bytes,
 * multiples of the word's size; each access is volatile unless its name says otherwise, see {@link
 * VarHandle.AccessMode}.
 *
 * <p>Not for what a worker needs to start, see {@link SharedBytes}.
 */
public final class SharedWords {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment memory;

  public SharedWords(MemorySegment memory) {
    this.memory = memory;
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

  public long getLong(long offset) {
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

  /** Adds to what is there. */
  public void addLong(long offset, long added) {
    long before = (long) LONG.getAndAdd(memory, offset, added);
    assert before + added != before || added == 0;
  }
}
