package dev.procession.manager;

import dev.procession.function.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * A value that a {@link Manager} serves. Each method happens at once. Thread-safe; travels as a
 * proxy of the same value.
 *
 * @param <T> its type
 */
public interface ServedValue<T extends @Nullable Object> {
  /**
   * Returns the value.
   *
   * @return a copy
   */
  T get();

  /**
   * Changes the value.
   *
   * @param newValue what it shall be
   */
  void set(T newValue);

  /**
   * Changes the value.
   *
   * @param newValue what it shall be
   * @return what it was
   */
  T getAndSet(T newValue);

  /**
   * Changes the value if it equals another.
   *
   * @param expected what it should be
   * @param newValue what it shall be
   * @return whether it was changed
   */
  boolean compareAndSet(T expected, T newValue);

  /**
   * Changes the value at the manager; nobody else calls it meanwhile.
   *
   * @param function of the value
   * @return what it is then
   * @throws Exception what the function throws; the value stays
   */
  T update(SerializableFunction<? super T, ? extends T> function) throws Exception;
}
