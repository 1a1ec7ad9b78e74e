package dev.procession.manager;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A list that a {@link Manager} serves. Each method is one call, and happens at the manager at
 * once. Elements that are got from it are copies.
 *
 * <p>Iterators and streams walk a copy of the moment at which they were begun; what is changed
 * through them is changed in the list, unless somebody else has changed it there. {@link #subList}
 * is as undefined as any when the list is changed otherwise. {@link #equals} and {@link #hashCode}
 * are those of the content. Thread-safe; travels as a proxy of the same list.
 *
 * @param <E> type of the elements
 */
public interface ServedList<E extends @Nullable Object> extends List<E> {
  /**
   * A condition that can travel.
   *
   * @param <E> type of what it is asked about
   */
  @FunctionalInterface
  interface Test<E extends @Nullable Object> extends Predicate<E>, Serializable {}

  /**
   * A change that can travel.
   *
   * @param <E> type of what is changed
   */
  @FunctionalInterface
  interface Change<E extends @Nullable Object> extends UnaryOperator<E>, Serializable {}

  /**
   * An order that can travel.
   *
   * @param <E> type of what is compared
   */
  @FunctionalInterface
  interface Order<E extends @Nullable Object> extends Comparator<E>, Serializable {}

  /**
   * Removes elements at the manager.
   *
   * @param test which ones
   * @return whether there were any
   */
  default boolean removeIf(Test<? super E> test) {
    return removeIf((Predicate<? super E>) test);
  }

  /**
   * Replaces all elements at the manager.
   *
   * @param change what by
   */
  default void replaceAll(Change<E> change) {
    replaceAll((UnaryOperator<E>) change);
  }

  /**
   * Sorts it at the manager.
   *
   * @param order in which
   */
  default void sort(@Nullable Order<? super E> order) {
    sort((Comparator<? super E>) order);
  }
}
