package dev.procession.internal.launch;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who may spin: a thread of this process for which a processor is left when each worker that has
 * something to do has one. Otherwise it would take the time from the one that it waits for.
 */
final class SpinPermit {
  /** How long a spin lasts at most, in nanoseconds: about what two wake-ups cost. */
  static final int NANOS = 50_000;

  private final int processors = Runtime.getRuntime().availableProcessors();

  /** Workers that have something to do, and threads that spin. */
  private final AtomicInteger busy = new AtomicInteger();

  /** A worker has been given something to do. */
  void workerBegins() {
    busy.incrementAndGet();
  }

  /** A worker has nothing to do any more. */
  void workerEnds() {
    busy.decrementAndGet();
  }

  boolean tryAcquire() {
    if (busy.incrementAndGet() <= processors) {
      return true;
    }
    release();
    return false;
  }

  void release() {
    busy.decrementAndGet();
  }
}
