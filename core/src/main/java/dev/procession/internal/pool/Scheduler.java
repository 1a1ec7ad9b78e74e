package dev.procession.internal.pool;

import dev.procession.ProcessStartException;
import dev.procession.WorkerStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of a pool: hires workers, replaces those that are gone, passes work on, and ends.
 *
 * <pre>
 *   open ──close()──► closing ──no work left──► finishing ──no worker left──► closed
 *     └──────────────terminate(), or workers cannot be started──────────────────►┘
 * </pre>
 *
 * <p>Thread-safe; what it decides, and what its {@link Dispatcher} does, is under one lock.
 */
final class Scheduler implements Worker.Events {
  /** Workers that may fail to start one after the other before the pool gives up. */
  private static final int MOST_START_FAILURES = 3;

  private enum State {
    OPEN,
    CLOSING,
    FINISHING,
    CLOSED
  }

  /** Starts workers. */
  interface Recruiter {
    /** Starts a worker; called without the lock. */
    Worker recruit(Worker.Events events) throws ProcessStartException;
  }

  private final int wanted;
  private final Recruiter recruiter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // guarded by the lock
  private final Dispatcher work;
  private final List<Worker> all = new ArrayList<>();
  private int living;
  private int startFailures;
  private State state = State.OPEN;
  private @Nullable ProcessStartException lastFailure;
  private boolean terminated;
  private @Nullable ProcessStartException broken;

  Scheduler(int wanted, Recruiter recruiter) {
    this.wanted = wanted;
    this.recruiter = recruiter;
    this.work = new Dispatcher(wanted, this::lookAgain);
  }

  private void lookAgain() {
    lock.lock();
    try {
      work.lookAgain();
    } finally {
      unlock();
    }
  }

  private void unlock() {
    List<Worker> given = work.undelivered();
    lock.unlock();
    for (Worker worker : given) {
      worker.deliver();
    }
  }

  // workers coming and going

  /** Starts the workers that are missing; fails with what kept the first from starting. */
  void recruit() throws ProcessStartException {
    while (isMissingOne()) {
      Worker worker;
      try {
        worker = recruiter.recruit(this);
      } catch (ProcessStartException e) {
        lost(e);
        throw e;
      }
      lock.lock();
      try {
        all.add(worker);
        if (state == State.CLOSED) {
          worker.kill();
        }
      } finally {
        unlock();
      }
    }
  }

  private boolean isMissingOne() {
    lock.lock();
    try {
      boolean needed = state == State.OPEN || (state == State.CLOSING && work.hasWork());
      if (!needed || living >= wanted || broken != null) {
        return false;
      }
      living++;
      return true;
    } finally {
      unlock();
    }
  }

  /** A worker that was counted as living never came to be. */
  private void lost(ProcessStartException why) {
    lock.lock();
    try {
      living--;
      startFailed(why);
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  private void startFailed(ProcessStartException why) {
    startFailures++;
    lastFailure = why;
    if (startFailures >= MOST_START_FAILURES && living == 0) {
      broken = why;
      state = State.CLOSED;
      drain(why);
    }
  }

  @Override
  public void ready(Worker worker) {
    lock.lock();
    try {
      startFailures = 0;
      worker.allowSpinning(wanted < Runtime.getRuntime().availableProcessors());
      if (state == State.FINISHING) {
        worker.finish();
      }
      work.join(worker);
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  @Override
  public void gone(
      Worker worker, @Nullable ProcessStartException startFailure, Chunk.DeathOf itsDeath) {
    List<Runnable> casualties = new ArrayList<>();
    lock.lock();
    try {
      Chunk.DeathOf death = terminated ? task -> cancelled() : itsDeath;
      living--;
      work.leave(worker, death, casualties);
      if (startFailure != null && state != State.CLOSED) {
        startFailed(startFailure);
      }
      if (state == State.CLOSED) {
        drain(cancelled());
      }
      work.dispatch();
      finishIfDone();
      changed.signalAll();
    } finally {
      unlock();
    }
    casualties.forEach(Runnable::run);
    try {
      recruit();
    } catch (ProcessStartException e) {
      return; // counted; the pool gives up after some
    }
  }

  @Override
  public void ended(Worker worker, Chunk chunk, int items, long nanos) {
    lock.lock();
    try {
      chunk.job().learn(items, nanos);
      work.ended(worker, chunk, items);
      finishIfDone();
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  // work coming

  /**
   * Queues a piece.
   *
   * @throws RejectedExecutionException if the pool takes no more work; with the reason as cause if
   *     workers cannot be started
   */
  void submit(Piece piece) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        throw new RejectedExecutionException(
            broken == null ? "pool is closed" : "pool cannot start workers", broken);
      }
      work.add(piece);
    } finally {
      unlock();
    }
  }

  /** Nobody wants the rest of a work: what has not begun never will. */
  void withdraw(Work dropped) {
    lock.lock();
    try {
      work.withdraw(dropped);
      finishIfDone();
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  /** A job has ended: its function will not be needed again. */
  void forget(Job job) {
    lock.lock();
    try {
      work.forget(job);
    } finally {
      unlock();
    }
    job.discard();
  }

  // the end

  private void finishIfDone() {
    if (state == State.CLOSING && !work.hasWork()) {
      state = State.FINISHING;
      work.finish();
    }
    if (state == State.FINISHING && living == 0) {
      state = State.CLOSED;
    }
  }

  /** Fails everything in the queue. */
  private void drain(Throwable failure) {
    for (Piece piece : work.drain()) {
      piece.fail(failure);
    }
  }

  /** Takes no more work, and ends the workers when there is none left. Does not wait. */
  void close() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = State.CLOSING;
      }
      finishIfDone();
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  /** Ends the workers now; all work fails, what they run when they are gone. Does not wait. */
  void terminate() {
    lock.lock();
    try {
      state = State.CLOSED;
      terminated = true;
      drain(cancelled());
      for (Worker worker : all) {
        worker.kill();
      }
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  private static CancellationException cancelled() {
    return new CancellationException("pool was terminated");
  }

  /** Waits until no work is left and the workers have been told to end. */
  void awaitFinishing() throws InterruptedException {
    boolean _ = await(() -> state == State.FINISHING || state == State.CLOSED, Long.MAX_VALUE);
  }

  /** Waits until the pool is closed and its workers are gone. */
  boolean awaitClosed(long nanos) throws InterruptedException {
    return await(() -> state == State.CLOSED && living == 0, nanos);
  }

  /**
   * Waits until a worker is ready.
   *
   * @throws ProcessStartException if none can be started
   */
  void awaitFirst() throws InterruptedException {
    boolean _ =
        await(
            () -> work.isManned() || lastFailure != null || state == State.CLOSED, Long.MAX_VALUE);
    lock.lock();
    try {
      if (!work.isManned() && lastFailure != null) {
        throw lastFailure;
      }
    } finally {
      unlock();
    }
  }

  private boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return state == State.OPEN;
    } finally {
      unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return state == State.CLOSED && living == 0;
    } finally {
      unlock();
    }
  }

  List<WorkerStats> stats() {
    lock.lock();
    try {
      List<WorkerStats> stats = new ArrayList<>();
      for (Worker worker : all) {
        stats.add(worker.stats());
      }
      return stats;
    } finally {
      unlock();
    }
  }
}
