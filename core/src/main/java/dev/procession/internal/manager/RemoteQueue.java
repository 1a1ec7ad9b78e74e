package dev.procession.internal.manager;

import dev.procession.manager.ServedQueue;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A served queue as others hold it. */
final class RemoteQueue<E> extends AbstractQueue<E> implements ServedQueue<E>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient QueueApi<E> its;

  RemoteQueue(QueueApi<E> its) {
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
  public int remainingCapacity() {
    return its.remainingCapacity();
  }

  @Override
  public boolean add(E element) {
    return its.add(Objects.requireNonNull(element));
  }

  @Override
  public E remove() {
    return its.remove();
  }

  @Override
  public E element() {
    return its.element();
  }

  @Override
  public boolean offer(E element) {
    return its.offer(Objects.requireNonNull(element));
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    return its.offer(Objects.requireNonNull(element), timeout, unit);
  }

  @Override
  public void put(E element) throws InterruptedException {
    its.put(Objects.requireNonNull(element));
  }

  @Override
  public @Nullable E poll() {
    return its.poll();
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return its.poll(timeout, unit);
  }

  @Override
  public E take() throws InterruptedException {
    return its.take();
  }

  @Override
  public @Nullable E peek() {
    return its.peek();
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return element != null && its.contains(element);
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return element != null && its.remove(element);
  }

  @Override
  public void clear() {
    its.clear();
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a copy of it is another
  public int drainTo(Collection<? super E> target, int most) {
    if (target == this) {
      throw new IllegalArgumentException("a queue cannot be drained to itself");
    }
    Objects.requireNonNull(target); // before anything is taken
    List<E> drained = most <= 0 ? List.of() : its.drain(most);
    target.addAll(drained);
    return drained.size();
  }

  @Override
  public Iterator<E> iterator() {
    return new CopyIterator<>(its.copy().iterator(), its::removeCopied);
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
  public void taskDone() {
    its.taskDone();
  }

  @Override
  public void awaitDone() throws InterruptedException {
    its.awaitDone();
  }

  @Override
  public boolean awaitDone(Duration timeout) throws InterruptedException {
    return its.awaitDone(timeout);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RemoteQueue<?> queue && its.equals(queue.its);
  }

  @Override
  public int hashCode() {
    return its.hashCode();
  }

  @Override
  public String toString() {
    return its.copy().toString();
  }
}
