package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import java.io.Serial;
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
public final class SharedInt extends SharedValue {
  @Serial private static final long serialVersionUID = 1L;

  SharedInt(SharedHandle handle) {
    super(Kind.INT, handle);
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
    SharedInt value = new SharedInt(create(Kind.INT));
    value.set(initial);
    return value;
  }

  /**
   * Reads it.
   *
   * @return its value
   */
  public int get() {
    return words().getInt(VALUE);
  }

  /**
   * Writes it.
   *
   * @param value its new value
   */
  public void set(int value) {
    words().setInt(VALUE, value);
  }

  /**
   * Writes it.
   *
   * @param value its new value
   * @return its value before
   */
  public int getAndSet(int value) {
    return words().getAndSetInt(VALUE, value);
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return whether it had the one expected
   */
  public boolean compareAndSet(int expected, int value) {
    return words().compareAndSetInt(VALUE, expected, value);
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return its value before, which is the one expected if it was written
   */
  public int compareAndExchange(int expected, int value) {
    return words().compareAndExchangeInt(VALUE, expected, value);
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
    return words().getAndAddInt(VALUE, added);
  }

  /**
   * Replaces it by what a function makes of it.
   *
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public int updateAndGet(IntUnaryOperator update) {
    SharedWords words = words();
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
    SharedWords words = words();
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

  @Override
  Object value() {
    return get();
  }
}
