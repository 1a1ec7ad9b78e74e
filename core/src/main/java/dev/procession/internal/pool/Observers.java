package dev.procession.internal.pool;

import dev.procession.PoolEvent;
import dev.procession.PoolListener;
import dev.procession.WorkerStats;
import dev.procession.internal.os.StandardError;
import dev.procession.internal.os.SystemThreads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Those who want to know what happens in a pool: who counts, the flight recorder, and a listener,
 * which is told by and by. For any thread, also under the scheduler's lock.
 */
final class Observers {
  private static final long POLL_NANOS = 1_000_000;

  private final String pool;
  private final @Nullable PoolListener listener;
  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** What the listener has not been told. */
  private final Queue<PoolEvent> untold = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean telling = new AtomicBoolean();

  /** The thread that tells, if one does. */
  private volatile @Nullable Thread teller;

  Observers(String pool, @Nullable PoolListener listener) {
    this.pool = pool;
    this.listener = listener;
  }

  /** Items that have ended. */
  long done() {
    return done.sum();
  }

  /** Those of them that have failed. */
  long failed() {
    return failed.sum();
  }

  /** An item has ended, and will not be run again. */
  void ended(Work work, int index, Outcome outcome) {
    done.increment();
    if (outcome.isFailure()) {
      failed.increment();
    }
    boolean recorded = FlightEvents.recordTasks();
    if (listener != null || recorded) {
      happened(new PoolEvent.TaskEnded(work.describe(index), outcome.isFailure()), recorded);
    }
  }

  /** An item is run again. */
  void retried(Piece item) {
    boolean recorded = FlightEvents.recordTasks();
    if (listener != null || recorded) {
      String task = item.work().describe(item.index(0));
      happened(new PoolEvent.TaskRetried(task, item.runs()), recorded);
    }
  }

  /** A worker can run tasks. */
  void started(Worker worker) {
    about(worker, PoolEvent.WorkerStarted::new);
  }

  /** A worker is gone. */
  void left(Worker worker) {
    about(worker, PoolEvent.WorkerEnded::new);
  }

  private void about(Worker worker, Function<WorkerStats, PoolEvent> event) {
    boolean recorded = FlightEvents.recordWorkers();
    if (listener != null || recorded) {
      happened(event.apply(worker.stats(null)), recorded);
    }
  }

  private void happened(PoolEvent event, boolean recorded) {
    if (recorded) {
      FlightEvents.record(pool, event);
    }
    if (listener != null) {
      untold.add(event);
      tellLater();
    }
  }

  private void tellLater() {
    if (telling.compareAndSet(false, true)) {
      SystemThreads.run(this::tellAll);
    }
  }

  private void tellAll() {
    teller = Thread.currentThread();
    PoolEvent event = untold.poll();
    while (event != null) {
      tellNow(event);
      event = untold.poll();
    }
    teller = null;
    telling.set(false);
    if (!untold.isEmpty()) {
      tellLater(); // came when it was about to stop
    }
  }

  private void tellNow(PoolEvent event) {
    try {
      if (listener != null) {
        listener.on(event);
      }
    } catch (Throwable e) {
      StandardError.print("Exception in the listener of pool \"" + pool + '"', e);
    }
  }

  /** Waits until all is told, but not for longer than a time, nor when interrupted. */
  @SuppressWarnings("ReferenceEquality") // a thread is itself
  void await(long nanos) {
    long start = System.nanoTime();
    if (teller == Thread.currentThread()) {
      return; // the listener itself waits
    }
    while ((!untold.isEmpty() || telling.get()) // in this order: what is not untold is being told
        && System.nanoTime() - start < nanos
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, POLL_NANOS);
    }
  }
}
