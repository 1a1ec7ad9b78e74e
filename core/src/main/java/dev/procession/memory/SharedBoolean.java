package dev.procession.memory;

import dev.procession.internal.shared.SharedHandle;
import java.io.Serial;

/**
 * A {@code boolean} that any processes read and change, with the methods of {@link
 * java.util.concurrent.atomic.AtomicBoolean}. It travels by any road, and is the same value
 * wherever it arrives. To wait until one is true, use a {@link dev.procession.sync.ProcessEvent}.
 *
 * <p><b>Threads and visibility.</b> Thread-safe. Every method is one atomic step between all
 * threads of all processes, with the memory effects of a volatile access.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}.
 *
 * {@snippet :
 * try (var found = SharedBoolean.open(false);
 *     var pool = Pool.processes(4)) {
 *   pool.map(n -> found.get() || (n > 2 && found.compareAndSet(false, true)), List.of(1, 2, 3));
 * }
 * }
 */
public final class SharedBoolean extends SharedValue {
  // 1 or 0
  @Serial private static final long serialVersionUID = 1L;

  SharedBoolean(SharedHandle handle) {
    super(Kind.BOOLEAN, handle);
  }

  private static int word(boolean value) {
    return value ? 1 : 0;
  }

  /**
   * Creates a value.
   *
   * @param initial what it is at first
   * @return the value; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedBoolean open(boolean initial) {
    SharedBoolean value = new SharedBoolean(create(Kind.BOOLEAN));
    value.set(initial);
    return value;
  }

  /**
   * Reads it.
   *
   * @return its value
   */
  public boolean get() {
    return words().getInt(VALUE) != 0;
  }

  /**
   * Writes it.
   *
   * @param value its new value
   */
  public void set(boolean value) {
    words().setInt(VALUE, word(value));
  }

  /**
   * Writes it.
   *
   * @param value its new value
   * @return its value before
   */
  public boolean getAndSet(boolean value) {
    return words().getAndSetInt(VALUE, word(value)) != 0;
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return whether it had the one expected
   */
  public boolean compareAndSet(boolean expected, boolean value) {
    return words().compareAndSetInt(VALUE, word(expected), word(value));
  }

  /**
   * Writes it if it has a value.
   *
   * @param expected the value it has to have
   * @param value its new value
   * @return its value before, which is the one expected if it was written
   */
  public boolean compareAndExchange(boolean expected, boolean value) {
    return words().compareAndExchangeInt(VALUE, word(expected), word(value)) != 0;
  }

  @Override
  Object value() {
    return get();
  }
}
