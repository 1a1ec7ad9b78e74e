package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import java.io.Serial;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * A {@code long} that any processes read and change, with the methods of {@link
 * java.util.concurrent.atomic.AtomicLong}. It travels by any road, and is the same number wherever
 * it arrives.
 *
 * <p><b>Threads and visibility.</b> Thread-safe. Every method is one atomic step between all
 * threads of all processes, with the memory effects of a volatile access; those that take a
 * function repeat it until nobody has come between. No death leaves it half changed.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}.
 *
 * {@snippet :
 * try (var done = SharedLong.open(0);
 *     var pool = Pool.processes(4)) {
 *   pool.map(n -> done.addAndGet(n), List.of(1, 2, 3));
 *   IO.println(done.get());
 * }
 * }
 */
public final class SharedLong extends SharedValue {
  @Serial private static final long serialVersionUID = 1L;

  SharedLong(SharedHandle handle) {
    super(Kind.LONG, handle);
  }

  /**
   * Creates a number.
   *
   * @param initial its value
   * @return the number; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedLong open(long initial) {
    SharedLong value = new SharedLong(create(Kind.LONG));
    value.set(initial);
    return value;
  }

  /**
   * Reads it.
   *
   * @return its value
   */
  public long get() {
    return words().getLong(VALUE);
  }

  /**
   * Writes it.
   *
   * @param value its new value
   */
  public void set(long value) {
    words().setLong(VALUE, value);
  }

  /**
   * Writes it.
   *
   * @param value its new value
   * @return its value before
   */
  public long getAndSet(long value) {
    return words().getAndSetLong(VALUE, value);
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return whether it had the one expected
   */
  public boolean compareAndSet(long expected, long value) {
    return words().compareAndSetLong(VALUE, expected, value);
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return its value before, which is the one expected if it was written
   */
  public long compareAndExchange(long expected, long value) {
    return words().compareAndExchangeLong(VALUE, expected, value);
  }

  /**
   * Adds 1; beyond the largest value comes the smallest.
   *
   * @return its value afterwards
   */
  public long incrementAndGet() {
    return addAndGet(1);
  }

  /**
   * Subtracts 1; beyond the smallest value comes the largest.
   *
   * @return its value afterwards
   */
  public long decrementAndGet() {
    return addAndGet(-1);
  }

  /**
   * Adds; beyond the largest value comes the smallest.
   *
   * @param added what is added
   * @return its value afterwards
   */
  public long addAndGet(long added) {
    return getAndAdd(added) + added;
  }

  /**
   * Adds 1; beyond the largest value comes the smallest.
   *
   * @return its value before
   */
  public long getAndIncrement() {
    return getAndAdd(1);
  }

  /**
   * Subtracts 1; beyond the smallest value comes the largest.
   *
   * @return its value before
   */
  public long getAndDecrement() {
    return getAndAdd(-1);
  }

  /**
   * Adds; beyond the largest value comes the smallest.
   *
   * @param added what is added
   * @return its value before
   */
  public long getAndAdd(long added) {
    return words().getAndAddLong(VALUE, added);
  }

  /**
   * Replaces it by what a function makes of it.
   *
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public long updateAndGet(LongUnaryOperator update) {
    SharedWords words = words();
    while (true) {
      long before = words.getLong(VALUE);
      long after = update.applyAsLong(before);
      if (words.compareAndSetLong(VALUE, before, after)) {
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
  public long getAndUpdate(LongUnaryOperator update) {
    SharedWords words = words();
    while (true) {
      long before = words.getLong(VALUE);
      if (words.compareAndSetLong(VALUE, before, update.applyAsLong(before))) {
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
  public long accumulateAndGet(long other, LongBinaryOperator update) {
    return updateAndGet(before -> update.applyAsLong(before, other));
  }

  /**
   * Replaces it by what a function makes of it and another value.
   *
   * @param other the function's second argument
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value before
   */
  public long getAndAccumulate(long other, LongBinaryOperator update) {
    return getAndUpdate(before -> update.applyAsLong(before, other));
  }

  @Override
  Object value() {
    return get();
  }
}
