package dev.procession.memory;

import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An array of records of primitives that any processes read and change, each as a whole; its length
 * is fixed. It travels by any road, and is the same array wherever it arrives.
 *
 * <p><b>Layout.</b> The record's components have to be primitives; they lie in their order, each at
 * a multiple of its size. A record with another component is an {@link IllegalArgumentException},
 * and so is one in a module that is not open to {@code dev.procession}.
 *
 * <p><b>Threads and visibility.</b> Thread-safe, with the memory effects of a volatile access. Each
 * element is read and set whole. Setting takes its turn with all others who set; reading waits for
 * nobody. A process that is killed while it sets leaves the old value.
 *
 * <p><b>Indexes.</b> One that is negative, or not below the length, is an {@link
 * IndexOutOfBoundsException} with the index and the length.
 *
 * <p>Every method but {@link #length} throws {@link IllegalStateException} after {@link #close}.
 *
 * @param <R> the record
 */
public final class SharedStructArray<R extends Record> implements AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Structs<R> structs;

  private SharedStructArray(Structs<R> structs) {
    this.structs = structs;
  }

  /**
   * Creates an array whose elements have zeros, and false, in all components.
   *
   * @param <R> the record
   * @param type its class
   * @param length number of elements; zero or more
   * @return the array; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the record has a component that is no primitive, or the
   *     length is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static <R extends Record> SharedStructArray<R> open(Class<R> type, int length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative: length=" + length);
    }
    return new SharedStructArray<>(Structs.create(type, length));
  }

  /**
   * How many elements it has.
   *
   * @return the length; also after {@link #close}
   */
  public int length() {
    return structs.count();
  }

  /**
   * Reads an element.
   *
   * @param index of the element
   * @return its value
   */
  public R get(int index) {
    return structs.get(index);
  }

  /**
   * Writes an element.
   *
   * @param index of the element
   * @param value its new value
   */
  public void set(int index, R value) {
    structs.set(index, value);
  }

  /**
   * Replaces an element by what a function makes of it.
   *
   * @param index of the element
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public R updateAndGet(int index, UnaryOperator<R> update) {
    return structs.updateAndGet(index, update);
  }

  /**
   * The elements, each read when the stream comes to it.
   *
   * @return a stream of them, in their order
   */
  public Stream<R> stream() {
    return IntStream.range(0, length()).mapToObj(this::get);
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    structs.handle().close();
  }

  /** Its type and length. */
  @Override
  public String toString() {
    return "SharedStructArray["
        + (structs.handle().isClosed() ? "closed" : "length=" + length())
        + "]";
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  private Object writeReplace() {
    return new Handle(structs.none(), structs.handle().reference());
  }

  // an array and not a class, as that has no compact form
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Handle(Record[] none, String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new SharedStructArray<>(Structs.arrived(none, path));
    }
  }
}
