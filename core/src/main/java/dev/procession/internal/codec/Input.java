package dev.procession.internal.codec;

import dev.procession.internal.segment.ByteCopy;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes being read. Whatever they claim is checked against what is there, so that broken or hostile
 * bytes are a {@link NotDecodableException}, not a crash or a huge allocation.
 */
public final class Input {
  private final byte[] bytes;
  private final int end;
  private int position;

  public Input(byte[] bytes, int from, int length) {
    Objects.checkFromIndexSize(from, length, bytes.length);
    this.bytes = bytes;
    this.position = from;
    this.end = from + length;
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - position;
  }

  int read() {
    if (position == end) {
      throw new NotDecodableException("value ends too soon");
    }
    return bytes[position++] & 0xFF;
  }

  /** What {@link #read} will return, or -1 at the end. */
  int peek() {
    return position == end ? -1 : bytes[position] & 0xFF;
  }

  /** Counterpart of {@link Output#writeCount}. */
  long readCount() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = read();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new NotDecodableException("number too long");
  }

  /** A count of things of which each takes at least {@code width} of the remaining bytes. */
  int readLength(int width) {
    long length = readCount();
    if (length < 0 || length > remaining() / width) {
      throw new NotDecodableException("length out of range: length=" + length);
    }
    return (int) length;
  }

  long readSigned() {
    long value = readCount();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Counterpart of {@link Output#writeFixed}. */
  public long readFixed(int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (long) read() << (8 * i);
    }
    return value;
  }

  /** A string behind its tag. */
  String readString(int tag) {
    if (tag == Tag.STRING) {
      int length = readLength(1);
      return new String(bytes, skip(length), length, StandardCharsets.ISO_8859_1);
    }
    if (tag != Tag.WIDE_STRING) {
      throw new NotDecodableException("not a string: tag=" + tag);
    }
    char[] chars = new char[readLength(Character.BYTES)];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) readFixed(Character.BYTES);
    }
    return new String(chars);
  }

  String readString() {
    return readString(read());
  }

  void readMemory(MemorySegment memory) {
    int length = (int) memory.byteSize();
    ByteCopy.copy(MemorySegment.ofArray(bytes), skip(length), memory, 0, length);
  }

  /** The next bytes, as an input of their own. */
  Input slice(int length) {
    return new Input(bytes, skip(length), length);
  }

  /** The next bytes. */
  public byte[] readBytes(int length) {
    int from = skip(length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  InputStream stream() {
    return new ByteArrayInputStream(bytes, position, remaining());
  }

  private int skip(int length) {
    if (length < 0 || length > remaining()) {
      throw new NotDecodableException("value ends too soon: wanted=" + length);
    }
    int from = position;
    position += length;
    return from;
  }
}
