package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An element of a {@link SharedList} as bytes: a type, and as many as the type and the value need.
 *
 * <pre>
 *   0   type      4 bytes
 *   4   length    4 bytes
 *   8   bytes
 * </pre>
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record ListValue(int type, byte[] bytes) {
  private static final int NULL = 0; // as in memory that nobody has written
  private static final int LONG = 1;
  private static final int INT = 2;
  private static final int DOUBLE = 3;
  private static final int FALSE = 4;
  private static final int TRUE = 5;
  private static final int STRING = 6;
  private static final int BYTES = 7;

  private static final int BODY = 8;
  private static final byte[] NONE = {};

  static ListValue of(@Nullable Object element) {
    return switch (element) {
      case null -> new ListValue(NULL, NONE);
      case Long number -> new ListValue(LONG, eight(number));
      case Integer number -> new ListValue(INT, eight(number));
      case Double number -> new ListValue(DOUBLE, eight(Double.doubleToRawLongBits(number)));
      case Boolean bool -> new ListValue(bool ? TRUE : FALSE, NONE);
      case String string -> new ListValue(STRING, utf8(string));
      case byte[] bytes -> new ListValue(BYTES, bytes);
      default ->
          throw new IllegalArgumentException(
              "element is no Long, Integer, Double, Boolean, String, byte[] or null: class="
                  + element.getClass().getName());
    };
  }

  private static byte[] eight(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] utf8(String string) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(string));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("string has half a surrogate pair", e);
    }
  }

  int length() {
    return bytes.length;
  }

  void write(SharedWords words, long offset) {
    words.setIntRelease(offset, type);
    words.setIntRelease(offset + Integer.BYTES, bytes.length);
    MemorySegment.copy(
        bytes, 0, words.memory(), ValueLayout.JAVA_BYTE, offset + BODY, bytes.length);
  }

  /** Reads what may be half written, and is thrown away then. */
  static ListValue read(SharedWords words, long offset, long room) {
    int type = words.getInt(offset);
    int length = words.getInt(offset + Integer.BYTES);
    byte[] bytes = new byte[(int) Math.clamp(length, 0, room)];
    MemorySegment.copy(
        words.memory(), ValueLayout.JAVA_BYTE, offset + BODY, bytes, 0, bytes.length);
    return new ListValue(type, bytes);
  }

  @Nullable Object toObject() {
    return switch (type) {
      case NULL -> null;
      case LONG -> number();
      case INT -> (int) number();
      case DOUBLE -> Double.longBitsToDouble(number());
      case FALSE -> false;
      case TRUE -> true;
      case STRING -> new String(bytes, StandardCharsets.UTF_8);
      case BYTES -> bytes;
      default -> throw overwritten();
    };
  }

  private long number() {
    if (bytes.length != Long.BYTES) {
      throw overwritten();
    }
    return ByteBuffer.wrap(bytes).getLong();
  }

  private IllegalStateException overwritten() {
    return new IllegalStateException(
        "list was overwritten: type=" + type + ", bytes=" + bytes.length);
  }
}
