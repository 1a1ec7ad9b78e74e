package dev.procession.manager;

import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A set that a {@link Manager} serves, in the order in which elements came. Each method is one
 * call, and happens at the manager at once. Elements that are got from it are copies.
 *
 * <p>Iterators and streams walk a copy of the moment at which they were begun; what is removed
 * through them is removed from the set. {@link #equals} and {@link #hashCode} are those of the
 * content. Thread-safe; travels as a proxy of the same set.
 *
 * @param <E> type of the elements
 */
public interface ServedSet<E extends @Nullable Object> extends Set<E> {
  /**
   * Removes elements at the manager.
   *
   * @param test which ones
   * @return whether there were any
   */
  default boolean removeIf(ServedList.Test<? super E> test) {
    return removeIf((Predicate<? super E>) test);
  }
}
