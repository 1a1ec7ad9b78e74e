package dev.procession.internal.pool;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Completes futures whose outcomes are known, each in a virtual thread: reading results, and what
 * hangs on a future, is code of users. Thread-safe.
 */
final class Completions {
  private static final long POLL_NANOS = 20_000;

  private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();

  /**
   * Completes a future, at once.
   *
   * @param finish does it
   */
  @SuppressWarnings("CollectionUndefinedEquality") // a future is itself
  void begin(CompletableFuture<?> future, Runnable finish) {
    pending.add(future);
    Thread.startVirtualThread(
        () -> {
          try {
            finish.run();
          } finally {
            pending.remove(future);
          }
        });
  }

  /**
   * Waits until all those are done that have begun to be; not for what hangs on them. Not for
   * longer than a time, nor when interrupted: code of users may read results for ever.
   */
  void await(long nanos) {
    long start = System.nanoTime();
    for (CompletableFuture<?> future : pending) {
      while (!future.isDone()
          && System.nanoTime() - start < nanos
          && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(this, POLL_NANOS);
      }
    }
  }
}
