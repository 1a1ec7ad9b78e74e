package dev.procession.internal.manager;

import java.lang.reflect.Array;
import java.util.AbstractList;

/** An array that is served: a list of a fixed size, with elements of a class. */
final class ArrayObject<E> extends AbstractList<E> implements ListApi<E> {
  private final Object array;

  ArrayObject(Class<E> type, int size) {
    this.array = Array.newInstance(type, size);
  }

  @Override
  public int size() {
    return Array.getLength(array);
  }

  @Override
  @SuppressWarnings("unchecked") // the array has no others
  public E get(int index) {
    return (E) Array.get(array, index);
  }

  @Override
  public E set(int index, E element) {
    E before = get(index);
    try {
      Array.set(array, index, element);
    } catch (IllegalArgumentException e) {
      ClassCastException failure =
          new ClassCastException("array of " + array.getClass().getComponentType().getName());
      failure.initCause(e);
      throw failure;
    }
    return before;
  }
}
