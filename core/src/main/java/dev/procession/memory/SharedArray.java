package dev.procession.memory;

import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.sync.ProcessReentrantLock;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Objects;

/**
 * An array of primitive values that any processes read and change; its length is fixed. There is a
 * class for each type. It travels by any road, and is the same array wherever it arrives.
 *
 * <p><b>Threads and visibility.</b> Thread-safe. An element is read and written whole, never half.
 * What a thread did before it set an element is visible to whoever reads that value by {@code get}.
 * Whatever concerns several elements (ranges, {@code fill}, streams) has no order at all; where
 * others write meanwhile, hold the {@link #lock}. The methods with names like {@code addAndGet} are
 * atomic, with the memory effects of a volatile access.
 *
 * <p><b>Indexes.</b> One that is negative, or not below the length, is an {@link
 * IndexOutOfBoundsException} with the index and the length.
 *
 * <p>Every method but {@link #length} throws {@link IllegalStateException} after {@link #close}.
 *
 * {@snippet :
 * try (var sums = SharedArray.longs(10);
 *     var pool = Pool.processes(4)) {
 *   pool.map(n -> sums.addAndGet(n % 10, n), List.of(1, 12, 21));
 *   IO.println(sums.stream().sum());
 * }
 * }
 */
public abstract sealed class SharedArray implements AutoCloseable, Serializable
    permits SharedBooleanArray,
        SharedByteArray,
        SharedCharArray,
        SharedDoubleArray,
        SharedFloatArray,
        SharedIntArray,
        SharedLongArray,
        SharedShortArray {
  // the elements in the order of the machine, and nothing else; the lock is an object of its own
  @Serial private static final long serialVersionUID = 1L;

  private final transient Parts parts;

  SharedArray(Parts parts) {
    this.parts = parts;
  }

  /** What elements are. */
  enum Kind {
    INTS(4),
    LONGS(8),
    DOUBLES(8),
    FLOATS(4),
    SHORTS(2),
    CHARS(2),
    BYTES(1),
    BOOLEANS(1);

    private final int width;

    Kind(int width) {
      this.width = width;
    }

    /** What its file is called. */
    private String what() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What every array has. */
  record Parts(Kind kind, SharedHandle handle, MemorySegment elements, ProcessReentrantLock lock) {
    static Parts of(Kind kind, SharedHandle handle, ProcessReentrantLock lock) {
      return new Parts(kind, handle, handle.words().memory().asSlice(SharedObject.at(0)), lock);
    }

    long size() {
      return elements.byteSize() / kind.width;
    }
  }

  private static Parts create(Kind kind, int length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative: length=" + length);
    }
    ProcessReentrantLock lock = ProcessReentrantLock.open();
    boolean done = false;
    try {
      SharedHandle handle = SharedHandle.create(kind.what(), (long) length * kind.width);
      done = true;
      return Parts.of(kind, handle, lock);
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  /**
   * Creates an array of {@code int}, all zero.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedIntArray ints(int length) {
    return new SharedIntArray(create(Kind.INTS, length));
  }

  /**
   * Creates an array of {@code int} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedIntArray ofInts(int... values) {
    SharedIntArray array = ints(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * Creates an array of {@code long}, all zero.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedLongArray longs(int length) {
    return new SharedLongArray(create(Kind.LONGS, length));
  }

  /**
   * Creates an array of {@code long} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedLongArray ofLongs(long... values) {
    SharedLongArray array = longs(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * Creates an array of {@code double}, all zero.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedDoubleArray doubles(int length) {
    return new SharedDoubleArray(create(Kind.DOUBLES, length));
  }

  /**
   * Creates an array of {@code double} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedDoubleArray ofDoubles(double... values) {
    SharedDoubleArray array = doubles(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * Creates an array of {@code float}, all zero.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedFloatArray floats(int length) {
    return new SharedFloatArray(create(Kind.FLOATS, length));
  }

  /**
   * Creates an array of {@code float} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedFloatArray ofFloats(float... values) {
    SharedFloatArray array = floats(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * Creates an array of {@code short}, all zero.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedShortArray shorts(int length) {
    return new SharedShortArray(create(Kind.SHORTS, length));
  }

  /**
   * Creates an array of {@code short} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedShortArray ofShorts(short... values) {
    SharedShortArray array = shorts(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * Creates an array of {@code char}, all zero.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedCharArray chars(int length) {
    return new SharedCharArray(create(Kind.CHARS, length));
  }

  /**
   * Creates an array of {@code char} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedCharArray ofChars(char... values) {
    SharedCharArray array = chars(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * Creates an array of {@code byte}, all zero.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedByteArray bytes(int length) {
    return new SharedByteArray(create(Kind.BYTES, length));
  }

  /**
   * Creates an array of {@code byte} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedByteArray ofBytes(byte... values) {
    SharedByteArray array = bytes(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * Creates an array of {@code boolean}, all false.
   *
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedBooleanArray booleans(int length) {
    return new SharedBooleanArray(create(Kind.BOOLEANS, length));
  }

  /**
   * Creates an array of {@code boolean} with some values.
   *
   * @param values of the elements
   * @return the array, likewise
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedBooleanArray ofBooleans(boolean... values) {
    SharedBooleanArray array = booleans(values.length);
    array.write(0, values, 0, values.length);
    return array;
  }

  /**
   * How many elements it has.
   *
   * @return the length; also after {@link #close}
   */
  public final int length() {
    return (int) parts.size();
  }

  /**
   * Its memory, in the byte order of the machine.
   *
   * @return the elements and nothing else; stays usable after {@link #close}
   */
  public final MemorySegment segment() {
    SharedObject _ = parts.handle.object();
    return parts.elements;
  }

  /**
   * A lock that belongs to it, to be held by all who need several elements to fit together. No
   * method of the array takes it.
   *
   * @return the same lock in every process; it goes with the array
   */
  public final ProcessReentrantLock lock() {
    SharedObject _ = parts.handle.object();
    return parts.lock;
  }

  /** The offset of an element. */
  final long offset(int index) {
    return (long) Objects.checkIndex(index, length()) * parts.kind.width;
  }

  /** The offset of a range's first element. */
  final long offset(int index, int count) {
    return (long) Objects.checkFromIndexSize(index, count, length()) * parts.kind.width;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public final void close() {
    parts.handle.close();
    parts.lock.close();
  }

  /** Its type and length. */
  @Override
  public final String toString() {
    return getClass().getSimpleName()
        + "["
        + (parts.handle.isClosed() ? "closed" : "length=" + length())
        + "]";
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  final Object writeReplace() {
    return new Handle(parts.kind, parts.handle.reference(), parts.lock);
  }

  private record Handle(Kind kind, String path, ProcessReentrantLock lock) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      Parts parts = Parts.of(kind, SharedHandle.arrived(kind.what(), path), lock);
      if (parts.size() > Integer.MAX_VALUE || parts.elements.byteSize() % kind.width != 0) {
        throw new InvalidObjectException("file is no shared array: file=" + path);
      }
      return switch (kind) {
        case INTS -> new SharedIntArray(parts);
        case LONGS -> new SharedLongArray(parts);
        case DOUBLES -> new SharedDoubleArray(parts);
        case FLOATS -> new SharedFloatArray(parts);
        case SHORTS -> new SharedShortArray(parts);
        case CHARS -> new SharedCharArray(parts);
        case BYTES -> new SharedByteArray(parts);
        case BOOLEANS -> new SharedBooleanArray(parts);
      };
    }
  }
}
