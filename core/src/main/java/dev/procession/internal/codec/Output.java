package dev.procession.internal.codec;

import dev.procession.internal.segment.ByteCopy;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written: an array that grows. */
public final class Output extends OutputStream {
  private byte[] bytes = new byte[256];
  private int length;

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** Forgets everything behind a length. */
  public void truncate(int newLength) {
    length = newLength;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** The bytes, shared until the next write. */
  public byte[] array() {
    return bytes;
  }

  @Override
  public void write(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int from, int count) {
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  /** An unsigned integer, 7 bits a byte, lowest first. */
  void writeCount(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** A signed integer; those near zero are short. */
  void writeSigned(long value) {
    writeCount((value << 1) ^ (value >> 63));
  }

  /** The lowest bytes of a value, the lowest first. */
  public void writeFixed(long value, int width) {
    ensure(width);
    for (int i = 0; i < width; i++) {
      bytes[length++] = (byte) (value >>> (8 * i));
    }
  }

  /** Makes room for bytes that somebody else writes into the array; returns where they begin. */
  public int grow(int count) {
    ensure(count);
    int start = length;
    length += count;
    return start;
  }

  /** Overwrites four bytes, in the byte order of the machine. */
  void patchInt(int offset, int value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(offset, value);
  }

  /** A string with its tag. */
  void writeString(String value) {
    byte[] narrow = narrow(value);
    if (narrow.length > 0 || value.isEmpty()) {
      write(Tag.STRING);
      writeCount(narrow.length);
      write(narrow, 0, narrow.length);
      return;
    }
    write(Tag.WIDE_STRING);
    writeCount(value.length());
    ensure(2 * value.length());
    for (int i = 0; i < value.length(); i++) {
      writeFixed(value.charAt(i), Character.BYTES);
    }
  }

  /** Its ISO 8859-1 form, or an empty array if it has none. */
  private static byte[] narrow(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0xFF) {
        return new byte[0];
      }
    }
    return value.getBytes(StandardCharsets.ISO_8859_1);
  }

  void writeMemory(MemorySegment memory) {
    int count = (int) memory.byteSize();
    ensure(count);
    ByteCopy.copy(memory, 0, MemorySegment.ofArray(bytes), length, count);
    length += count;
  }

  private void ensure(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), 2 * bytes.length));
    }
  }
}
