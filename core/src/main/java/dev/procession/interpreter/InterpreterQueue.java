package dev.procession.interpreter;

import dev.procession.channel.QueueClosedException;
import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.interpreter.Crossing;
import dev.procession.internal.interpreter.World;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.shared.SpinBudget;
import java.lang.ref.WeakReference;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A queue between interpreters of this process, and what is outside: many put, many take, in order.
 * It crosses as itself, captured or in an object, and is the same in all of them.
 *
 * {@snippet :
 * var queue = InterpreterQueue.<String>open();
 * try (var world = Interpreter.create()) {
 *   world.exec(() -> queue.put("hi"));
 *   IO.println(queue.take());
 * }
 * }
 *
 * <p><b>Objects</b> cross as by {@link Interpreter#call}, as they are when they are put; also to
 * who puts and takes in the same interpreter. One that cannot cross is a {@link
 * NotShareableException} there; one that cannot be had where it is taken is one there, and is
 * taken. Null is none.
 *
 * <p><b>Items of a closed interpreter</b> are what their {@link UnboundItems} says: that of the
 * queue, or of {@link #put(Object, UnboundItems)}. Those put by workers of a pool, too, when the
 * worker has ended.
 *
 * <p><b>Closing</b> it is for any thread. Then putting throws {@link QueueClosedException}; what is
 * there can still be taken, and then taking throws it as well. A queue that nobody refers to is
 * collected with what it holds.
 *
 * <p>Size is exact. Waiting can be interrupted, and loses nothing. Iterating and removing from the
 * middle is not supported. Thread-safe; what was done before an object is put is visible to who has
 * taken it.
 *
 * @param <E> what it holds
 */
public final class InterpreterQueue<E> extends AbstractQueue<E>
    implements BlockingQueue<E>, AutoCloseable {
  /** Stands for an item of a closed interpreter, if {@link UnboundItems#MARK} is chosen. */
  public enum Unbound {
    /** The only one. */
    UNBOUND
  }

  private static final AtomicLong IDS = new AtomicLong();
  private static final Map<Long, WeakReference<InterpreterQueue<?>>> ALL =
      new ConcurrentHashMap<>();

  static {
    Crossing.asItself(InterpreterQueue.class);
  }

  /**
   * Something in the queue.
   *
   * @param from the number of the world it is from
   */
  private record Item(Crossing value, long from, UnboundItems unbound) {}

  private final long id = IDS.incrementAndGet();
  private final WeakReference<InterpreterQueue<?>> self = new WeakReference<>(this);
  private final int capacity;
  private final UnboundItems unbound;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();

  /** How many items there are, for who looks before it sleeps; changed under the lock. */
  private volatile int present;

  /** Whether somebody looks; that is who has the budget. */
  private final AtomicBoolean looking = new AtomicBoolean();

  private final SpinBudget looks = new SpinBudget();

  /** Changed under the lock as well. */
  private volatile boolean closed;

  /** Guarded by the lock. */
  private final Deque<Item> items = new ArrayDeque<>();

  private InterpreterQueue(int capacity, UnboundItems unbound) {
    this.capacity = capacity;
    this.unbound = unbound;
  }

  /**
   * Creates a queue that grows, and keeps the items of closed interpreters.
   *
   * @param <E> what it holds
   * @return the queue, empty
   */
  public static <E> InterpreterQueue<E> open() {
    return create(Integer.MAX_VALUE, UnboundItems.KEEP);
  }

  /**
   * Creates a queue that holds a number of objects at most, and keeps the items of closed
   * interpreters.
   *
   * @param <E> what it holds
   * @param capacity at least one
   * @return the queue, empty
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static <E> InterpreterQueue<E> open(int capacity) {
    return open(capacity, UnboundItems.KEEP);
  }

  /**
   * Creates a queue that holds a number of objects at most.
   *
   * @param <E> what it holds
   * @param capacity at least one
   * @param unbound what becomes of the items of closed interpreters
   * @return the queue, empty
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static <E> InterpreterQueue<E> open(int capacity, UnboundItems unbound) {
    if (capacity < 1) {
      throw new IllegalArgumentException("not positive: capacity=" + capacity);
    }
    return create(capacity, unbound);
  }

  private static <E> InterpreterQueue<E> create(int capacity, UnboundItems unbound) {
    ALL.values().removeIf(reference -> reference.get() == null);
    InterpreterQueue<E> queue = new InterpreterQueue<>(capacity, unbound);
    ALL.put(queue.id, queue.self);
    return queue;
  }

  /**
   * Returns a queue.
   *
   * @param <E> what it holds
   * @param id of it
   * @return the one that has it; always the same object
   * @throws QueueNotFoundException if none has, or not any more
   */
  @SuppressWarnings("unchecked") // as the caller says
  public static <E> InterpreterQueue<E> of(long id) {
    WeakReference<InterpreterQueue<?>> reference = ALL.get(id);
    InterpreterQueue<?> found = reference == null ? null : reference.get();
    if (found == null) {
      throw new QueueNotFoundException(id);
    }
    return (InterpreterQueue<E>) found;
  }

  /**
   * Returns its id, by which it is found in this process.
   *
   * @return a number that no other has, ever
   */
  public long id() {
    return id;
  }

  /**
   * Returns how many objects it holds at most.
   *
   * @return {@link Integer#MAX_VALUE} if it grows
   */
  public int capacity() {
    return capacity;
  }

  // putting

  @Override
  public void put(E element) throws InterruptedException {
    put(element, unbound);
  }

  /**
   * Puts an object, and waits for room.
   *
   * @param element that crosses
   * @param ifClosed what becomes of it if this interpreter is closed first
   * @throws InterruptedException if interrupted while waiting; it is not put
   * @throws NotShareableException if it cannot cross
   * @throws QueueClosedException if the queue is closed
   */
  public void put(E element, UnboundItems ifClosed) throws InterruptedException {
    boolean _ = put(item(element, ifClosed), Long.MAX_VALUE);
  }

  @Override
  public boolean offer(E element) {
    Item item = item(element, unbound);
    boolean added = false;
    lock.lock();
    try {
      requireOpen();
      if (items.size() < capacity) {
        add(item);
        added = true;
      }
      return added;
    } finally {
      lock.unlock();
      discardUnless(added, item);
    }
  }

  private static void discardUnless(boolean added, Item item) {
    if (!added) {
      item.value().discard();
    }
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    return offer(element, timeout, unit, unbound);
  }

  /**
   * Puts an object if there is room, or is in time.
   *
   * @param element that crosses
   * @param timeout zero or less does not wait
   * @param unit of the timeout
   * @param ifClosed what becomes of it if this interpreter is closed first
   * @return whether it was put
   * @throws InterruptedException if interrupted while waiting; it is not put
   * @throws NotShareableException if it cannot cross
   * @throws QueueClosedException if the queue is closed
   */
  public boolean offer(E element, long timeout, TimeUnit unit, UnboundItems ifClosed)
      throws InterruptedException {
    return put(item(element, ifClosed), unit.toNanos(timeout));
  }

  private Item item(E element, UnboundItems ifClosed) {
    Objects.requireNonNull(element, "null cannot be put");
    World from = World.current();
    try {
      Crossing value = Crossing.of(element, CurrentClasses.get());
      if (from != null && ifClosed != UnboundItems.KEEP) {
        WeakReference<InterpreterQueue<?>> queue = self; // the action must not refer to this
        from.atEnd(id, world -> ended(queue.get(), world));
      }
      return new Item(value, from == null ? 0 : from.number(), ifClosed);
    } catch (NotEncodableException e) {
      throw new NotShareableException(String.valueOf(e.getMessage()), e);
    }
  }

  private boolean put(Item item, long nanos) throws InterruptedException {
    boolean added = false;
    try {
      added = putWithin(item, nanos);
      return added;
    } finally {
      discardUnless(added, item);
    }
  }

  private boolean putWithin(Item item, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      requireOpen();
      while (items.size() >= capacity) {
        if (left <= 0) {
          return false;
        }
        left = notFull.awaitNanos(left);
        requireOpen();
      }
      add(item);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void add(Item item) {
    items.addLast(item);
    present = items.size();
    notEmpty.signal();
  }

  private void requireOpen() {
    if (closed) {
      throw new QueueClosedException("queue between interpreters is closed: id=" + id);
    }
  }

  // taking

  @Override
  public E take() throws InterruptedException {
    E taken = poll(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    if (taken == null) {
      throw new IllegalStateException("three centuries have passed");
    }
    return taken;
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    long left = unit.toNanos(timeout);
    if (left > 0 && present == 0) {
      look();
    }
    Item item;
    lock.lockInterruptibly();
    try {
      while (items.isEmpty()) {
        requireOpen();
        if (left <= 0) {
          return null;
        }
        left = notEmpty.awaitNanos(left);
      }
      item = removeItem();
    } finally {
      lock.unlock();
    }
    return arrive(item, true);
  }

  /** Looks for a moment, as waking who sleeps takes some ten times as long as putting. */
  private void look() {
    if (!closed && looking.compareAndSet(false, true)) {
      SpinBudget.Spin spin = looks.spin(false);
      boolean there = false;
      while (!there && !closed && spin.goesOn()) {
        there = present > 0;
      }
      looks.learn(there);
      looking.set(false);
    }
  }

  @Override
  public @Nullable E poll() {
    Item item;
    lock.lock();
    try {
      if (items.isEmpty()) {
        requireOpen();
        return null;
      }
      item = removeItem();
    } finally {
      lock.unlock();
    }
    return arrive(item, true);
  }

  /** Takes the first, and lets another be put. */
  private Item removeItem() {
    Item item = items.removeFirst();
    present = items.size();
    notFull.signal();
    return item;
  }

  @Override
  public @Nullable E peek() {
    Item item;
    lock.lock();
    try {
      item = items.peekFirst();
    } finally {
      lock.unlock();
    }
    return item == null ? null : arrive(item, false);
  }

  @SuppressWarnings("unchecked") // as it was put
  private E arrive(Item item, boolean taken) {
    try {
      Object value = item.value().arrive(World.current());
      if (value == Failed.FAILED) {
        throw new ItemInterpreterClosedException();
      }
      return (E) Objects.requireNonNull(value);
    } catch (NotDecodableException e) {
      throw new NotShareableException("item cannot be had here: " + e.getMessage(), e);
    } finally {
      if (taken) {
        item.value().discard();
      }
    }
  }

  /** In the place of an item whose taker fails. */
  private enum Failed {
    FAILED
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a queue is itself
  public int drainTo(Collection<? super E> target, int most) {
    if (target == this) {
      throw new IllegalArgumentException("queue cannot be drained to itself");
    }
    int taken = 0;
    while (taken < most) {
      E next = size() == 0 ? null : poll();
      if (next == null) {
        return taken;
      }
      target.add(next);
      taken++;
    }
    return taken;
  }

  // an interpreter has ended

  private static void ended(@Nullable InterpreterQueue<?> queue, long world) {
    if (queue != null) {
      queue.unbind(world);
    }
  }

  private void unbind(long world) {
    lock.lock();
    try {
      int count = items.size();
      for (int i = 0; i < count; i++) {
        Item item = items.removeFirst();
        Item left = item.from() == world ? unbound(item) : item;
        if (left != null) {
          items.addLast(left);
        }
      }
      present = items.size();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What an item becomes, or null if it vanishes. */
  private static @Nullable Item unbound(Item item) {
    return switch (item.unbound()) {
      case KEEP -> item;
      case MARK -> instead(item, Unbound.UNBOUND);
      case FAIL -> instead(item, Failed.FAILED);
      case REMOVE -> {
        item.value().discard();
        yield null;
      }
    };
  }

  private static Item instead(Item item, Enum<?> marker) {
    item.value().discard();
    Crossing value = Crossing.of(marker, CurrentClasses.outside());
    return new Item(value, item.from(), UnboundItems.KEEP);
  }

  // the rest

  @Override
  public int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int remainingCapacity() {
    return capacity == Integer.MAX_VALUE ? capacity : capacity - size();
  }

  /**
   * Not supported.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Iterator<E> iterator() {
    throw new UnsupportedOperationException("objects are to be taken, or drained");
  }

  /** Closes it for all. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "InterpreterQueue[id=" + id + ", size=" + size() + "]";
  }
}
