package dev.procession.channel;

import dev.procession.internal.channel.ObjectQueue;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue between processes: many put, many take, in order. It is a {@link BlockingQueue}, so that
 * code written for threads works between processes.
 *
 * {@snippet :
 * try (var queue = ProcessQueue.<String>open()) {
 *   var producer = ChildProcess.start(() -> {
 *     queue.put("hi");
 *     queue.close();
 *   });
 *   IO.println(queue.take());
 *   producer.join();
 * }
 * }
 *
 * <p><b>Objects</b> travel as copies. They are encoded in the thread that puts them, as they are
 * then; one that cannot travel is a {@link MessageNotSerializableException} there. Nothing waits in
 * the process that has put it: it may end at once, and joining it before draining the queue is
 * fine. One that cannot be read is a {@link MessageNotReadableException} where it is taken. Null is
 * none.
 *
 * <p><b>Bounds.</b> {@link #open(int)} limits how many objects are in it; putting waits then.
 * Without, it grows, up to {@value #MOST_BYTES} bytes of shared memory; beyond, putting is an
 * {@link IllegalStateException}.
 *
 * <p><b>Closing.</b> Any process may close it. Then putting, in whatever way, throws {@link
 * QueueClosedException}; what is there can still be taken; and then taking throws it as well.
 * Closing wakes all who wait.
 *
 * <p><b>Acknowledgement.</b> {@link #takeDelivery} takes an object that the queue keeps until it is
 * acknowledged. One whose taker ends before, or gives it back, is taken next, in whatever way, some
 * tenths of a second later. Size does not count those that are delivered.
 *
 * <p><b>Deaths.</b> A process that is killed while it puts or takes blocks nobody, and no object is
 * lost or there twice: what it was putting is not there, what it was taking still is. Objects that
 * it had taken, not to acknowledge them, are gone with it.
 *
 * <p>Order: objects of one thread stay in order; so do those of all, as they were put. Size is
 * exact, as of a moment ago. Iterating and removing from the middle is not supported. Thread-safe;
 * waiting can be interrupted, and loses nothing.
 *
 * @param <E> what it holds
 */
public final class ProcessQueue<E> extends AbstractQueue<E>
    implements BlockingQueue<E>, AutoCloseable, Serializable {
  /** How much shared memory a queue may take, in bytes. */
  public static final long MOST_BYTES = 1L << 30;

  @Serial private static final long serialVersionUID = 1L;

  private final transient ObjectQueue<E> queue;

  private ProcessQueue(ObjectQueue<E> queue) {
    this.queue = queue;
  }

  /**
   * Creates a queue that grows.
   *
   * @param <E> what it holds
   * @return the queue, empty
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static <E> ProcessQueue<E> open() {
    return new ProcessQueue<>(ObjectQueue.create(Integer.MAX_VALUE, MOST_BYTES));
  }

  /**
   * Creates a queue that holds a number of objects at most.
   *
   * @param <E> what it holds
   * @param capacity at least one
   * @return the queue, empty
   * @throws IllegalArgumentException if the capacity is not positive
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static <E> ProcessQueue<E> open(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("not positive: capacity=" + capacity);
    }
    return new ProcessQueue<>(ObjectQueue.create(capacity, MOST_BYTES));
  }

  // putting

  @Override
  public void put(E element) throws InterruptedException {
    boolean _ = queue.put(element, Long.MAX_VALUE);
  }

  @Override
  public boolean offer(E element) {
    return queue.offer(element);
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    return queue.put(element, unit.toNanos(timeout));
  }

  /**
   * Puts objects in order, together as far as there is room, which costs less than one by one;
   * waits for room for the rest.
   *
   * @param elements that are encoded before any is put
   * @throws MessageNotSerializableException if one cannot travel; none is put
   * @throws QueueClosedException if it is closed, perhaps meanwhile; some may be put
   * @throws InterruptedException if interrupted while waiting; some may be put
   */
  public void putAll(Collection<? extends E> elements) throws InterruptedException {
    queue.putAll(elements);
  }

  // taking

  @Override
  public E take() throws InterruptedException {
    E taken = queue.take(Long.MAX_VALUE);
    if (taken == null) {
      throw new IllegalStateException("three centuries have passed");
    }
    return taken;
  }

  @Override
  public @Nullable E poll() {
    return queue.poll();
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return queue.take(unit.toNanos(timeout));
  }

  /**
   * Takes an object that is to be acknowledged, waiting for one. It is kept in a file until then,
   * which takes some 30 microseconds.
   *
   * @return the object, to be closed
   * @throws MessageNotReadableException if it cannot be read here; it is taken
   * @throws QueueClosedException if it is closed and has no more, also none that is delivered and
   *     not acknowledged
   * @throws java.io.UncheckedIOException if there is no room for the file; it stays
   * @throws InterruptedException if interrupted while waiting
   */
  public Delivery<E> takeDelivery() throws InterruptedException {
    Delivery<E> delivery = pollDelivery(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    if (delivery == null) {
      throw new IllegalStateException("three centuries have passed");
    }
    return delivery;
  }

  /**
   * Takes an object that is to be acknowledged, waiting for a limited time.
   *
   * @param timeout zero or less does not wait
   * @param unit of the timeout
   * @return the object, to be closed; null if there is none in time
   * @throws MessageNotReadableException if it cannot be read here; it is taken
   * @throws QueueClosedException if it is closed and has no more, also none that is delivered and
   *     not acknowledged
   * @throws java.io.UncheckedIOException if there is no room for the file; it stays
   * @throws InterruptedException if interrupted while waiting
   */
  public @Nullable Delivery<E> pollDelivery(long timeout, TimeUnit unit)
      throws InterruptedException {
    ObjectQueue.Delivered<E> delivered = queue.takeDelivery(unit.toNanos(timeout));
    return delivered == null ? null : new Delivery<>(queue, delivered);
  }

  @Override
  public @Nullable E peek() {
    return queue.peek();
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  /**
   * {@inheritDoc}
   *
   * @throws QueueClosedException if it is closed and empty
   */
  @Override
  @SuppressWarnings("ReferenceEquality") // a queue is itself
  public int drainTo(Collection<? super E> target, int most) {
    if (target == this) {
      throw new IllegalArgumentException("queue cannot be drained to itself");
    }
    List<E> drained = queue.drain(most);
    target.addAll(drained);
    return drained.size();
  }

  // the whole

  @Override
  public int size() {
    return (int) Math.min(queue.size(), Integer.MAX_VALUE);
  }

  /** For a queue that grows, {@link Integer#MAX_VALUE}. */
  @Override
  public int remainingCapacity() {
    return queue.remainingCapacity();
  }

  /** Not supported: processes share it. */
  @Override
  public Iterator<E> iterator() {
    throw new UnsupportedOperationException("a queue between processes cannot be iterated");
  }

  /**
   * Says that an object which was taken is done with.
   *
   * @throws IllegalStateException if this is said more often than objects were put
   */
  public void taskDone() {
    queue.taskDone();
  }

  /**
   * Waits until {@link #taskDone} was said of every object that was put.
   *
   * @throws InterruptedException if interrupted
   */
  public void awaitDone() throws InterruptedException {
    boolean _ = queue.awaitDone(Long.MAX_VALUE);
  }

  /**
   * Waits until {@link #taskDone} was said of every object that was put, for a limited time.
   *
   * @param timeout zero or less does not wait
   * @param unit of the timeout
   * @return whether it was
   * @throws InterruptedException if interrupted
   */
  public boolean awaitDone(long timeout, TimeUnit unit) throws InterruptedException {
    return queue.awaitDone(unit.toNanos(timeout));
  }

  /**
   * Whether it is closed, by whomever.
   *
   * @return true if nothing can be put any more
   */
  public boolean isClosed() {
    return queue.isClosed();
  }

  /**
   * Closes the queue for all processes: nothing can be put any more, and what is there can be taken
   * by those who have the queue. Idempotent.
   */
  @Override
  public void close() {
    queue.close();
  }

  /** Its size, and whether it is closed. */
  @Override
  public String toString() {
    return "ProcessQueue[size=" + size() + (isClosed() ? ", closed]" : "]");
  }

  /** {@return what travels: the path of the file} */
  @Serial
  private Object writeReplace() {
    return new Handle(queue.path());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new ProcessQueue<>(ObjectQueue.arrived(path, MOST_BYTES));
    }
  }
}
