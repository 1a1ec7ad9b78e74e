package dev.procession.internal.manager;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;

/** A served list as it is called. */
interface ListApi<E> extends List<E> {
  /** All elements at a moment. */
  default List<E> copy() {
    return new ArrayList<>(this);
  }

  /** Removes the elements from one index to another. */
  default void removeAll(int from, int to) {
    subList(from, to).clear();
  }

  /** Replaces an element that an iterator has returned. */
  default void replace(int index, E expected, E element) {
    check(index, expected);
    set(index, element);
  }

  /** Removes an element that an iterator has returned. */
  default void remove(int index, E expected) {
    check(index, expected);
    E _ = remove(index);
  }

  private void check(int index, E expected) {
    if (index >= size() || !Copies.isSame(get(index), expected)) {
      throw new ConcurrentModificationException("somebody has changed the list: index=" + index);
    }
  }
}
