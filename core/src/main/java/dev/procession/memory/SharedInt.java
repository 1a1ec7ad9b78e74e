package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * An {@code int} that any processes read and change, with the methods of {@link
 * java.util.concurrent.atomic.AtomicInteger}. It travels by any road, and is the same number
 * wherever it arrives.
 *
 * <p><b>Threads and visibility.</b> Thread-safe. Every method is one atomic step between all
 * threads of all processes, with the memory effects of a volatile access; those that take a
 * function repeat it until nobody has come between. No death leaves it half changed.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}.
 *
 * {@snippet :
 * try (var done = SharedInt.open(0);
 *     var pool = Pool.processes(4)) {
 *   pool.map(n -> done.addAndGet(n), List.of(1, 2, 3));
 *   IO.println(done.get());
 * }
 * }
 */
public final class SharedInt implements AutoCloseable, Serializable {
  // one word; the file's other bytes keep it on a cache line of its own
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "int";
  private static final int SIZE = 64;
  private static final long VALUE = SharedObject.at(0);

  private final transient SharedHandle handle;

  private SharedInt(SharedHandle handle) {
    this.handle = handle;
  }

  /**
   * Creates a number.
   *
   * @param initial its value
   * @return the number; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedInt open(int initial) {
    SharedHandle handle = SharedHandle.create(WHAT, SIZE);
    handle.words().setInt(VALUE, initial);
    return new SharedInt(handle);
  }

  /**
   * Reads it.
   *
   * @return its value
   */
  public int get() {
    return handle.words().getInt(VALUE);
  }

  /**
   * Writes it.
   *
   * @param value its new value
   */
  public void set(int value) {
    handle.words().setInt(VALUE, value);
  }

  /**
   * Writes it.
   *
   * @param value its new value
   * @return its value before
   */
  public int getAndSet(int value) {
    return handle.words().getAndSetInt(VALUE, value);
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return whether it had the one expected
   */
  public boolean compareAndSet(int expected, int value) {
    return handle.words().compareAndSetInt(VALUE, expected, value);
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return its value before, which is the one expected if it was written
   */
  public int compareAndExchange(int expected, int value) {
    return handle.words().compareAndExchangeInt(VALUE, expected, value);
  }

  /**
   * Adds 1; beyond the largest value comes the smallest.
   *
   * @return its value afterwards
   */
  public int incrementAndGet() {
    return addAndGet(1);
  }

  /**
   * Subtracts 1; beyond the smallest value comes the largest.
   *
   * @return its value afterwards
   */
  public int decrementAndGet() {
    return addAndGet(-1);
  }

  /**
   * Adds; beyond the largest value comes the smallest.
   *
   * @param added what is added
   * @return its value afterwards
   */
  public int addAndGet(int added) {
    return getAndAdd(added) + added;
  }

  /**
   * Adds 1; beyond the largest value comes the smallest.
   *
   * @return its value before
   */
  public int getAndIncrement() {
    return getAndAdd(1);
  }

  /**
   * Subtracts 1; beyond the smallest value comes the largest.
   *
   * @return its value before
   */
  public int getAndDecrement() {
    return getAndAdd(-1);
  }

  /**
   * Adds; beyond the largest value comes the smallest.
   *
   * @param added what is added
   * @return its value before
   */
  public int getAndAdd(int added) {
    return handle.words().getAndAddInt(VALUE, added);
  }

  /**
   * Replaces it by what a function makes of it.
   *
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public int updateAndGet(IntUnaryOperator update) {
    SharedWords words = handle.words();
    while (true) {
      int before = words.getInt(VALUE);
      int after = update.applyAsInt(before);
      if (words.compareAndSetInt(VALUE, before, after)) {
        return after;
      }
    }
  }

  /**
   * Replaces it by what a function makes of it.
   *
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value before
   */
  public int getAndUpdate(IntUnaryOperator update) {
    SharedWords words = handle.words();
    while (true) {
      int before = words.getInt(VALUE);
      if (words.compareAndSetInt(VALUE, before, update.applyAsInt(before))) {
        return before;
      }
    }
  }

  /**
   * Replaces it by what a function makes of it and another value.
   *
   * @param other the function's second argument
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public int accumulateAndGet(int other, IntBinaryOperator update) {
    return updateAndGet(before -> update.applyAsInt(before, other));
  }

  /**
   * Replaces it by what a function makes of it and another value.
   *
   * @param other the function's second argument
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value before
   */
  public int getAndAccumulate(int other, IntBinaryOperator update) {
    return getAndUpdate(before -> update.applyAsInt(before, other));
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    handle.close();
  }

  /** The value. */
  @Override
  public String toString() {
    return "SharedInt[" + (handle.isClosed() ? "closed" : String.valueOf(get())) + "]";
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  private Object writeReplace() {
    return new Handle(handle.object().path().toString());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new SharedInt(SharedHandle.arrived(WHAT, path));
    }
  }
}
