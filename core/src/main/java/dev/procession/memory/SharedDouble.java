package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import java.io.Serial;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A {@code double} that any processes read and change, with the methods that {@link
 * java.util.concurrent.atomic.AtomicLong} has. It travels by any road, and is the same number
 * wherever it arrives. Values are compared by {@link Double#doubleToRawLongBits}: 0.0 is not -0.0,
 * and a NaN is itself.
 *
 * <p><b>Threads and visibility.</b> Thread-safe. Every method is one atomic step between all
 * threads of all processes, with the memory effects of a volatile access; those that take a
 * function repeat it until nobody has come between. No death leaves it half changed.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}.
 *
 * {@snippet :
 * try (var done = SharedDouble.open(0);
 *     var pool = Pool.processes(4)) {
 *   pool.map(n -> done.addAndGet(n), List.of(1, 2, 3));
 *   IO.println(done.get());
 * }
 * }
 */
public final class SharedDouble extends SharedValue {
  // the bits of the number
  @Serial private static final long serialVersionUID = 1L;

  SharedDouble(SharedHandle handle) {
    super(Kind.DOUBLE, handle);
  }

  /**
   * Creates a number.
   *
   * @param initial its value
   * @return the number; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedDouble open(double initial) {
    SharedDouble value = new SharedDouble(create(Kind.DOUBLE));
    value.set(initial);
    return value;
  }

  /**
   * Reads it.
   *
   * @return its value
   */
  public double get() {
    return Double.longBitsToDouble(words().getLong(VALUE));
  }

  /**
   * Writes it.
   *
   * @param value its new value
   */
  public void set(double value) {
    words().setLong(VALUE, Double.doubleToRawLongBits(value));
  }

  /**
   * Writes it.
   *
   * @param value its new value
   * @return its value before
   */
  public double getAndSet(double value) {
    return Double.longBitsToDouble(words().getAndSetLong(VALUE, Double.doubleToRawLongBits(value)));
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return whether it had the one expected
   */
  public boolean compareAndSet(double expected, double value) {
    return words()
        .compareAndSetLong(
            VALUE, Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(value));
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return its value before, which is the one expected if it was written
   */
  public double compareAndExchange(double expected, double value) {
    return Double.longBitsToDouble(
        words()
            .compareAndExchangeLong(
                VALUE, Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(value)));
  }

  /**
   * Adds.
   *
   * @param added what is added
   * @return its value afterwards
   */
  public double addAndGet(double added) {
    return updateAndGet(before -> before + added);
  }

  /**
   * Adds.
   *
   * @param added what is added
   * @return its value before
   */
  public double getAndAdd(double added) {
    return getAndUpdate(before -> before + added);
  }

  /**
   * Replaces it by what a function makes of it.
   *
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public double updateAndGet(DoubleUnaryOperator update) {
    SharedWords words = words();
    while (true) {
      long bits = words.getLong(VALUE);
      double after = update.applyAsDouble(Double.longBitsToDouble(bits));
      if (words.compareAndSetLong(VALUE, bits, Double.doubleToRawLongBits(after))) {
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
  public double getAndUpdate(DoubleUnaryOperator update) {
    SharedWords words = words();
    while (true) {
      long bits = words.getLong(VALUE);
      double before = Double.longBitsToDouble(bits);
      double after = update.applyAsDouble(before);
      if (words.compareAndSetLong(VALUE, bits, Double.doubleToRawLongBits(after))) {
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
  public double accumulateAndGet(double other, DoubleBinaryOperator update) {
    return updateAndGet(before -> update.applyAsDouble(before, other));
  }

  /**
   * Replaces it by what a function makes of it and another value.
   *
   * @param other the function's second argument
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value before
   */
  public double getAndAccumulate(double other, DoubleBinaryOperator update) {
    return getAndUpdate(before -> update.applyAsDouble(before, other));
  }

  @Override
  Object value() {
    return get();
  }
}
