package dev.procession.internal.segment;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a mapped segment, with the orderings that processes need to talk through them.
 *
 * <p>Built on a direct {@link ByteBuffer} and the static fences of {@link VarHandle}, not on the
 * handles themselves: a first {@code VarHandle} costs a starting JVM some 10 ms, this nothing. On
 * every JVM that Procession runs on, an aligned {@code int} or {@code long} is accessed whole.
 *
 * <p>Words are in the byte order of the machine, offsets in bytes. Each ordered access is as the
 * access mode of the same name in {@link VarHandle.AccessMode}.
 */
public class SharedBytes {
  private final MemorySegment memory;
  private final ByteBuffer buffer;

  /**
   * @param memory up to 2 GiB
   */
  public SharedBytes(MemorySegment memory) {
    this.memory = memory;
    this.buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** Bytes that only this JVM sees, for tests of what is built on shared ones. */
  public static SharedBytes local(int size) {
    return new SharedBytes(Arena.ofAuto().allocate(size, Long.BYTES));
  }

  /** The memory itself, for waiting on one of its words. */
  public MemorySegment memory() {
    return memory;
  }

  public int size() {
    return buffer.capacity();
  }

  public int getInt(int offset) {
    return buffer.getInt(offset);
  }

  public void putInt(int offset, int value) {
    buffer.putInt(offset, value);
  }

  public long getLong(int offset) {
    return buffer.getLong(offset);
  }

  public void putLong(int offset, long value) {
    buffer.putLong(offset, value);
  }

  /** Reads, then keeps later accesses behind the read. */
  public int getIntAcquire(int offset) {
    int value = buffer.getInt(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** Keeps earlier accesses before the write, then writes. */
  public void putIntRelease(int offset, int value) {
    VarHandle.releaseFence();
    buffer.putInt(offset, value);
  }

  /** Reads, then keeps later accesses behind the read. */
  public long getLongAcquire(int offset) {
    long value = buffer.getLong(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** Keeps earlier accesses before the write, then writes. */
  public void putLongRelease(int offset, long value) {
    VarHandle.releaseFence();
    buffer.putLong(offset, value);
  }

  public void putBytes(int offset, byte[] source, int from, int length) {
    buffer.put(offset, source, from, length);
  }

  public void getBytes(int offset, byte[] target, int to, int length) {
    buffer.get(offset, target, to, length);
  }
}
