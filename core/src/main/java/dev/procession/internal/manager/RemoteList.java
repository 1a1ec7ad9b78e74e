package dev.procession.internal.manager;

import dev.procession.channel.MessageNotSerializableException;
import dev.procession.manager.ServedList;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.RandomAccess;
import java.util.Spliterator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A served list as others hold it. */
final class RemoteList<E extends @Nullable Object> extends AbstractList<E>
    implements ServedList<E>, RandomAccess, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient ListApi<E> its;

  RemoteList(ListApi<E> its) {
    this.its = its;
  }

  @Serial
  private Object writeReplace() {
    return Stub.handleOf(this, its);
  }

  @Override
  public int size() {
    return its.size();
  }

  @Override
  public boolean isEmpty() {
    return its.isEmpty();
  }

  @Override
  public E get(int index) {
    return its.get(index);
  }

  @Override
  public E getFirst() {
    return its.getFirst();
  }

  @Override
  public E getLast() {
    return its.getLast();
  }

  @Override
  public E removeFirst() {
    return its.removeFirst();
  }

  @Override
  public E removeLast() {
    return its.removeLast();
  }

  @Override
  public E set(int index, E element) {
    return its.set(index, element);
  }

  @Override
  public boolean add(E element) {
    return its.add(element);
  }

  @Override
  public void add(int index, E element) {
    its.add(index, element);
  }

  @Override
  public boolean addAll(Collection<? extends E> elements) {
    return its.addAll(new ArrayList<>(elements));
  }

  @Override
  public boolean addAll(int index, Collection<? extends E> elements) {
    return its.addAll(index, new ArrayList<>(elements));
  }

  @Override
  public E remove(int index) {
    return its.remove(index);
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return its.remove(element);
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return its.removeAll(new ArrayList<>(elements));
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    return its.retainAll(new ArrayList<>(elements));
  }

  @Override
  protected void removeRange(int from, int to) {
    its.removeAll(from, to);
  }

  @Override
  public void clear() {
    its.clear();
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return its.contains(element);
  }

  @Override
  public boolean containsAll(Collection<?> elements) {
    return its.containsAll(new ArrayList<>(elements));
  }

  @Override
  public int indexOf(@Nullable Object element) {
    return its.indexOf(element);
  }

  @Override
  public int lastIndexOf(@Nullable Object element) {
    return its.lastIndexOf(element);
  }

  @Override
  public Object[] toArray() {
    return its.copy().toArray();
  }

  @Override
  public <T extends @Nullable Object> T[] toArray(T[] array) {
    return its.copy().toArray(array);
  }

  // functions: there, if they can travel

  @Override
  public boolean removeIf(Predicate<? super E> test) {
    return test instanceof Serializable ? its.removeIf(test) : super.removeIf(test);
  }

  @Override
  public void replaceAll(UnaryOperator<E> change) {
    if (change instanceof Serializable) {
      its.replaceAll(change);
    } else {
      ServedList.super.replaceAll(change);
    }
  }

  @Override
  public void sort(@Nullable Comparator<? super E> order) {
    if (order != null && !(order instanceof Serializable)) {
      ServedList.super.sort(order);
      return;
    }
    try {
      its.sort(order);
    } catch (MessageNotSerializableException e) { // those of the JDK have others in them
      ServedList.super.sort(order);
    }
  }

  // iterators

  @Override
  public Iterator<E> iterator() {
    return listIterator(0);
  }

  @Override
  public ListIterator<E> listIterator(int index) {
    List<E> copy = its.copy();
    if (index < 0 || index > copy.size()) {
      throw new IndexOutOfBoundsException("index=" + index + ", size=" + copy.size());
    }
    return new Walk(copy.listIterator(index));
  }

  @Override
  public Spliterator<E> spliterator() {
    return its.copy().spliterator();
  }

  /** Walks a copy, and changes both. */
  private final class Walk implements ListIterator<E> {
    private final ListIterator<E> copy;
    private int lastIndex = -1;
    private E last;

    @SuppressWarnings("NullAway") // there is none before the first
    Walk(ListIterator<E> copy) {
      this.copy = copy;
    }

    @Override
    public boolean hasNext() {
      return copy.hasNext();
    }

    @Override
    public E next() {
      last = copy.next();
      lastIndex = copy.previousIndex();
      return last;
    }

    @Override
    public boolean hasPrevious() {
      return copy.hasPrevious();
    }

    @Override
    public E previous() {
      last = copy.previous();
      lastIndex = copy.nextIndex();
      return last;
    }

    @Override
    public int nextIndex() {
      return copy.nextIndex();
    }

    @Override
    public int previousIndex() {
      return copy.previousIndex();
    }

    @Override
    public void remove() {
      requireLast();
      its.remove(lastIndex, last);
      copy.remove();
      lastIndex = -1;
    }

    @Override
    public void set(E element) {
      requireLast();
      its.replace(lastIndex, last, element);
      copy.set(element);
      last = element;
    }

    @Override
    public void add(E element) {
      its.add(copy.nextIndex(), element);
      copy.add(element);
      lastIndex = -1;
    }

    private void requireLast() {
      if (lastIndex < 0) {
        throw new IllegalStateException("no element was returned since the last change");
      }
    }
  }

  // the content

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || (other instanceof List<?> list && its.copy().equals(list));
  }

  @Override
  public int hashCode() {
    return its.copy().hashCode();
  }

  @Override
  public String toString() {
    return its.copy().toString();
  }
}
