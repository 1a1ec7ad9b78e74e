package dev.procession.internal.manager;

import dev.procession.manager.ServedSet;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.Spliterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A served set as others hold it. */
final class RemoteSet<E extends @Nullable Object> extends AbstractSet<E>
    implements ServedSet<E>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient SetApi<E> its;

  RemoteSet(SetApi<E> its) {
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
  public boolean contains(@Nullable Object element) {
    return its.contains(element);
  }

  @Override
  public boolean containsAll(Collection<?> elements) {
    return its.containsAll(new ArrayList<>(elements));
  }

  @Override
  public boolean add(E element) {
    return its.add(element);
  }

  @Override
  public boolean addAll(Collection<? extends E> elements) {
    return its.addAll(new ArrayList<>(elements));
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
  public boolean removeIf(Predicate<? super E> test) {
    return test instanceof Serializable ? its.removeIf(test) : super.removeIf(test);
  }

  @Override
  public void clear() {
    its.clear();
  }

  @Override
  public Iterator<E> iterator() {
    return new CopyIterator<>(its.copy().iterator(), its::remove);
  }

  @Override
  public Spliterator<E> spliterator() {
    return its.copy().spliterator();
  }

  @Override
  public Object[] toArray() {
    return its.copy().toArray();
  }

  @Override
  public <T extends @Nullable Object> T[] toArray(T[] array) {
    return its.copy().toArray(array);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || (other instanceof Set<?> set && its.copy().equals(set));
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
