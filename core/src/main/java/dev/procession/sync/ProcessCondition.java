package dev.procession.sync;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.WordWaiter;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * A condition of a {@link ProcessLock} or {@link ProcessReentrantLock}. Signalling never waits for
 * those who are signalled; a signal that went to a process which has ended goes to another that
 * waits. Up to {@value #WAITERS} threads may wait at a time. Wait in a loop: waking may be
 * spurious.
 *
 * <p>Every method throws {@link IllegalMonitorStateException} if the lock is not held here, and
 * {@link IllegalStateException} after {@link #close}; who waits by then goes on waiting.
 */
public final class ProcessCondition implements Condition, AutoCloseable, Serializable {
  // 0: tickets given, 8 bytes, under the lock; 64: slots of those who wait, each:
  //   0 state, 4 bytes, the word it sleeps on; 8 its process, 8 bytes; 16 its ticket, 8 bytes
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "cond";

  /** Threads that may wait at a time. */
  public static final int WAITERS = 512;

  private static final long TICKETS = SharedObject.at(0);
  private static final long SLOTS = SharedObject.at(64);
  private static final int SLOT = 32;
  private static final int PROCESS = 8;
  private static final int TICKET = 16;

  private static final int FREE = 0;
  private static final int WAITING = 1;
  private static final int SIGNALLED = 2;

  private final transient SharedHandle handle;
  private final transient SharedWords words;
  private final transient LockState lock;
  private final transient AbstractProcessLock owner;

  ProcessCondition(SharedHandle handle, AbstractProcessLock owner) {
    this.handle = handle;
    this.words = handle.words();
    this.lock = owner.state();
    this.owner = owner;
  }

  static ProcessCondition open(AbstractProcessLock owner) {
    return new ProcessCondition(SharedHandle.create(WHAT, 64 + WAITERS * SLOT), owner);
  }

  /**
   * Returns the lock that it is a condition of.
   *
   * @return a {@link ProcessLock} or a {@link ProcessReentrantLock}
   */
  public AbstractProcessLock lock() {
    return owner;
  }

  private static long slot(int index) {
    return SLOTS + (long) index * SLOT;
  }

  // waiting

  @Override
  public void await() throws InterruptedException {
    boolean _ = waitFor(Deadline.NEVER);
  }

  @Override
  public void awaitUninterruptibly() {
    boolean interrupted = Thread.interrupted();
    long slot = occupy();
    int holds = lock.freeAll();
    try {
      while (isWaiting(slot)) {
        try {
          sleep(slot, Deadline.NEVER);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.retake(holds);
      words.setInt(slot, FREE);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public long awaitNanos(long nanos) throws InterruptedException {
    Deadline deadline = Deadline.in(nanos);
    boolean _ = waitFor(deadline);
    return deadline.left();
  }

  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return waitFor(Deadline.in(unit.toNanos(time)));
  }

  /**
   * Waits until something is true, which is asked under the lock: at first, and after each signal.
   *
   * @param predicate what shall be true
   * @param timeout zero or less does not wait
   * @return what the predicate has said last; false if the time is over
   * @throws IllegalMonitorStateException if this thread, or process, does not have the lock
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean await(BooleanSupplier predicate, Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    boolean is = predicate.getAsBoolean();
    while (!is && !deadline.isOver()) {
      boolean _ = waitFor(deadline);
      is = predicate.getAsBoolean();
    }
    return is;
  }

  @Override
  @SuppressWarnings({"JavaUtilDate", "WaitNotInLoop"}) // the JDK's signature; the caller loops
  public boolean awaitUntil(Date deadline) throws InterruptedException {
    long now = System.currentTimeMillis();
    return await(Math.max(deadline.getTime(), now) - now, TimeUnit.MILLISECONDS);
  }

  /** Waits; returns whether it was signalled. */
  private boolean waitFor(Deadline deadline) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long slot = occupy();
    int holds = lock.freeAll();
    InterruptedException interrupt = null;
    boolean signalled;
    try {
      while (interrupt == null && isWaiting(slot) && !deadline.isOver()) {
        try {
          sleep(slot, deadline);
        } catch (InterruptedException e) {
          interrupt = e;
        }
      }
    } finally {
      lock.retake(holds);
      signalled = !isWaiting(slot);
      words.setInt(slot, FREE);
    }
    if (interrupt != null && !signalled) {
      throw interrupt;
    }
    if (interrupt != null) {
      Thread.currentThread().interrupt(); // the signal came first
    }
    return signalled;
  }

  private boolean isWaiting(long slot) {
    return words.getInt(slot) == WAITING;
  }

  private void sleep(long slot, Deadline deadline) throws InterruptedException {
    WordWaiter.await(words, slot, WAITING, deadline);
    if (isWaiting(slot)) {
      passOn();
    }
  }

  /** Under the lock: takes a free slot, or that of a process which has ended. */
  private long occupy() {
    requireHeld();
    int free = findFree();
    if (free < 0) {
      bury();
      free = findFree();
    }
    if (free < 0) {
      throw new IllegalStateException("too many threads wait: most=" + WAITERS);
    }
    long slot = slot(free);
    words.setLong(TICKETS, words.getLong(TICKETS) + 1);
    words.setLong(slot + TICKET, words.getLong(TICKETS));
    words.setLong(slot + PROCESS, Participant.me());
    words.setInt(slot, WAITING);
    return slot;
  }

  private void requireHeld() {
    SharedWords _ = handle.words();
    lock.requireHeld();
  }

  private int findFree() {
    for (int i = 0; i < WAITERS; i++) {
      if (words.getInt(slot(i)) == FREE) {
        return i;
      }
    }
    return -1;
  }

  /** A signal that went to a process which has ended without taking it is for somebody else. */
  private void passOn() {
    for (int i = 0; i < WAITERS; i++) {
      if (words.getInt(slot(i)) == SIGNALLED && isGone(slot(i))) {
        lock.doLocked(this::bury);
        return;
      }
    }
  }

  private boolean isGone(long slot) {
    return !Participant.isAlive(words.getLong(slot + PROCESS));
  }

  /**
   * Under the lock: frees the slots of processes that have ended, and gives their signals to
   * others, each before its slot is free: who is killed in between leaves a signal too many, never
   * too few.
   */
  private void bury() {
    for (int i = 0; i < WAITERS; i++) {
      if (words.getInt(slot(i)) == WAITING && isGone(slot(i))) {
        words.setInt(slot(i), FREE);
      }
    }
    for (int i = 0; i < WAITERS; i++) {
      if (words.getInt(slot(i)) == SIGNALLED && isGone(slot(i))) {
        signalLongest();
        words.setInt(slot(i), FREE);
      }
    }
  }

  /** How many wait that are not signalled, as of a moment ago. */
  int waiting() {
    int waiting = 0;
    for (int i = 0; i < WAITERS; i++) {
      waiting += isWaiting(slot(i)) ? 1 : 0;
    }
    return waiting;
  }

  // signalling

  @Override
  public void signal() {
    requireHeld();
    signalLongest();
  }

  private void signalLongest() {
    long longest = -1;
    long ticket = Long.MAX_VALUE;
    for (int i = 0; i < WAITERS; i++) {
      long slot = slot(i);
      if (words.getInt(slot) == WAITING && words.getLong(slot + TICKET) < ticket) {
        longest = slot;
        ticket = words.getLong(slot + TICKET);
      }
    }
    if (longest >= 0) {
      wake(longest);
    }
  }

  @Override
  public void signalAll() {
    requireHeld();
    for (int i = 0; i < WAITERS; i++) {
      if (words.getInt(slot(i)) == WAITING) {
        wake(slot(i));
      }
    }
  }

  private void wake(long slot) {
    words.setInt(slot, SIGNALLED);
    WordWaiter.wake(words, slot, 1);
  }

  SharedHandle handle() {
    return handle;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    handle.close();
  }

  /** {@return what travels: the path of the file} */
  @Serial
  private Object writeReplace() {
    return new Handle(handle.reference(), owner);
  }

  private record Handle(String path, AbstractProcessLock owner) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new ProcessCondition(SharedHandle.arrived(WHAT, path), owner);
    }
  }
}
