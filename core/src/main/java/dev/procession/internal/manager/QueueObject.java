package dev.procession.internal.manager;

import dev.procession.internal.shared.Deadline;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A queue that is served. */
final class QueueObject<E> extends AbstractQueue<E> implements QueueApi<E>, Servant {
  private static final Set<String> TAKING = Set.of("take", "poll", "drain", "remove");

  private final int capacity;
  private final Waiting waiting = new Waiting();

  // guarded by waiting
  private final Deque<E> elements = new ArrayDeque<>();
  private long unfinished;

  QueueObject(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("not positive: capacity=" + capacity);
    }
    this.capacity = capacity;
  }

  // putting

  private boolean add(E element, Deadline deadline) throws InterruptedException {
    Objects.requireNonNull(element);
    Client client = Caller.current().client();
    return waiting.change(
        () -> waiting.await(() -> addNow(element, client), deadline) && !client.isGone());
  }

  /** Adds it if there is room, or nobody wants it any more. */
  private boolean addNow(E element, Client client) {
    if (elements.size() < capacity && !client.isGone()) {
      elements.add(element);
      unfinished++;
      waiting.changed();
      return true;
    }
    return client.isGone();
  }

  @Override
  public boolean offer(E element) {
    Objects.requireNonNull(element);
    Client client = Caller.current().client();
    return waiting.change(() -> addNow(element, client));
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    return add(element, Deadline.in(unit.toNanos(timeout)));
  }

  @Override
  public void put(E element) throws InterruptedException {
    boolean _ = add(element, Deadline.NEVER);
  }

  // taking

  private @Nullable E take(Deadline deadline) throws InterruptedException {
    Client client = Caller.current().client();
    return waiting.change(
        () -> {
          boolean _ = waiting.await(() -> !elements.isEmpty() || client.isGone(), deadline);
          return client.isGone() ? null : elements.poll();
        });
  }

  @Override
  public E take() throws InterruptedException {
    return Objects.requireNonNull(take(Deadline.NEVER), "client is gone");
  }

  @Override
  public @Nullable E poll() {
    return waiting.change(elements::poll);
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return take(Deadline.in(unit.toNanos(timeout)));
  }

  @Override
  public @Nullable E peek() {
    return waiting.look(elements::peek);
  }

  @Override
  public List<E> drain(int most) {
    return waiting.change(
        () -> {
          List<E> drained = new ArrayList<>();
          while (drained.size() < most && !elements.isEmpty()) {
            drained.add(elements.remove());
          }
          return drained;
        });
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public int drainTo(Collection<? super E> target, int most) {
    List<E> drained = drain(most);
    target.addAll(drained);
    return drained.size();
  }

  /** What was taken and did not arrive is the next again. */
  @Override
  @SuppressWarnings("unchecked") // they were taken from here
  public void undelivered(Method method, @Nullable Object result) {
    if (result == null || !isTaking(method)) {
      return;
    }
    List<E> back =
        result instanceof List<?> list && method.getName().equals("drain")
            ? (List<E>) list
            : List.of((E) result);
    waiting.change(
        () -> {
          back.reversed().forEach(elements::addFirst);
          return true;
        });
  }

  private static boolean isTaking(Method method) {
    return TAKING.contains(method.getName()) && method.getReturnType() != boolean.class;
  }

  // the whole

  @Override
  public int size() {
    return waiting.look(elements::size);
  }

  @Override
  public int remainingCapacity() {
    return waiting.look(() -> Math.max(0, capacity - elements.size()));
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return waiting.look(() -> elements.contains(element));
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return waiting.change(() -> removed(elements.remove(element)));
  }

  @Override
  public boolean removeCopied(E element) {
    return waiting.change(
        () -> {
          Iterator<E> its = elements.iterator();
          while (its.hasNext()) {
            if (Copies.isSame(its.next(), element)) {
              its.remove();
              return removed(true);
            }
          }
          return false;
        });
  }

  /** What is removed nobody will take, so it counts as done. */
  private boolean removed(boolean isRemoved) {
    unfinished -= isRemoved ? 1 : 0;
    return isRemoved;
  }

  @Override
  public void clear() {
    waiting.change(
        () -> {
          unfinished -= elements.size();
          elements.clear();
          return true;
        });
  }

  @Override
  public List<E> copy() {
    return waiting.look(() -> new ArrayList<>(elements));
  }

  @Override
  public Iterator<E> iterator() {
    return copy().iterator();
  }

  // what is done

  @Override
  public void taskDone() {
    waiting.change(
        () -> {
          if (unfinished == 0) {
            throw new IllegalStateException(
                "taskDone was called more often than elements were put");
          }
          return unfinished--;
        });
  }

  @Override
  public void awaitDone() throws InterruptedException {
    boolean _ = awaitDone(Deadline.NEVER);
  }

  @Override
  public boolean awaitDone(Duration timeout) throws InterruptedException {
    return awaitDone(Deadline.after(timeout));
  }

  private boolean awaitDone(Deadline deadline) throws InterruptedException {
    return waiting.look(() -> waiting.await(() -> unfinished == 0, deadline));
  }
}
