package dev.procession.internal.manager;

import dev.procession.function.SerializableFunction;
import dev.procession.manager.ServedValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value that is served; called by one thread at a time. */
final class ValueObject<T extends @Nullable Object> implements ServedValue<T> {
  private T value;

  ValueObject(T value) {
    this.value = value;
  }

  @Override
  public T get() {
    return value;
  }

  @Override
  public void set(T newValue) {
    value = newValue;
  }

  @Override
  public T getAndSet(T newValue) {
    T before = value;
    value = newValue;
    return before;
  }

  @Override
  public boolean compareAndSet(T expected, T newValue) {
    boolean same = Objects.equals(value, expected);
    if (same) {
      value = newValue;
    }
    return same;
  }

  @Override
  public T update(SerializableFunction<? super T, ? extends T> function) throws Exception {
    value = function.apply(value);
    return value;
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}
