package dev.procession.internal.codec;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Arrays of primitives, by kind; elements are in the byte order of the machine. */
enum Primitives {
  BYTES(0, byte.class, 1),
  BOOLEANS(1, boolean.class, 1),
  SHORTS(2, short.class, 2),
  CHARS(3, char.class, 2),
  INTS(4, int.class, 4),
  FLOATS(5, float.class, 4),
  LONGS(6, long.class, 8),
  DOUBLES(7, double.class, 8);

  private static final Primitives[] ALL = values();

  private final int code;
  private final Class<?> type;
  private final int width;

  Primitives(int code, Class<?> type, int width) {
    this.code = code;
    this.type = type;
    this.width = width;
  }

  /** The kind of an array, or null if it is an array of references. */
  static @Nullable Primitives of(Object array) {
    Class<?> component = array.getClass().getComponentType();
    for (Primitives kind : ALL) {
      if (kind.type == component) {
        return kind;
      }
    }
    return null;
  }

  static Primitives at(int code) {
    for (Primitives kind : ALL) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new NotDecodableException("no such kind of array: code=" + code);
  }

  /** What it is in a frame. */
  int code() {
    return code;
  }

  /** Bytes an element takes. */
  int width() {
    return width;
  }

  /** The memory of an array; for booleans, which have none to show, a copy. */
  MemorySegment memory(Object array) {
    return switch (this) {
      case BYTES -> MemorySegment.ofArray((byte[]) array);
      case BOOLEANS -> MemorySegment.ofArray(toBytes((boolean[]) array));
      case SHORTS -> MemorySegment.ofArray((short[]) array);
      case CHARS -> MemorySegment.ofArray((char[]) array);
      case INTS -> MemorySegment.ofArray((int[]) array);
      case FLOATS -> MemorySegment.ofArray((float[]) array);
      case LONGS -> MemorySegment.ofArray((long[]) array);
      case DOUBLES -> MemorySegment.ofArray((double[]) array);
    };
  }

  /** What to fill in an array that was {@link #allocate}d. */
  MemorySegment target(Object array) {
    return this == BOOLEANS ? MemorySegment.ofArray((byte[]) array) : memory(array);
  }

  /** An array whose {@link #target} is to be filled; for booleans, an array of bytes. */
  Object allocate(int length) {
    return this == BOOLEANS ? new byte[length] : Array.newInstance(type, length);
  }

  /** The array for one that was {@link #allocate}d and filled. */
  Object finish(Object array) {
    return this == BOOLEANS ? toBooleans((byte[]) array) : array;
  }

  private static byte[] toBytes(boolean[] array) {
    byte[] bytes = new byte[array.length];
    for (int i = 0; i < array.length; i++) {
      bytes[i] = (byte) (array[i] ? 1 : 0);
    }
    return bytes;
  }

  private static boolean[] toBooleans(byte[] bytes) {
    boolean[] array = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      array[i] = bytes[i] != 0;
    }
    return array;
  }
}
