package dev.procession.internal.pool;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Completes futures whose outcomes are known, each in a virtual thread: reading results, and what
 * hangs on a future, is code of users. Thread-safe.
 */
final class Completions {
  private static final long POLL_NANOS = 20_000;

  /** Where code of those who have opened the pool looks for classes. */
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

  private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();

  /** Completions that are left to threads which wait for the futures. */
  private final AtomicInteger left = new AtomicInteger();

  /**
   * Completes a future, at once.
   *
   * @param finish does it
   */
  @SuppressWarnings("CollectionUndefinedEquality") // a future is itself
  void begin(CompletableFuture<?> future, Runnable finish) {
    pending.add(future);
    run(
        () -> {
          try {
            finish.run();
          } finally {
            pending.remove(future);
          }
        });
  }

  /** Runs code of users, at once. */
  void run(Runnable code) {
    Thread thread = Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(code);
    thread.setContextClassLoader(loader); // not that of the worker which has told the outcome
    thread.start();
  }

  /** A future is completed by a thread that waits for it, which says so then. */
  void leave() {
    left.incrementAndGet();
  }

  /** One that was left is completed. */
  void leftIsDone() {
    left.decrementAndGet();
  }

  /** Whether all those are done that have begun to be; what hangs on them may be running. */
  boolean isQuiet() {
    if (left.get() > 0) {
      return false;
    }
    for (CompletableFuture<?> future : pending) {
      if (!future.isDone()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Waits until {@link #isQuiet}. Not for longer than a time, nor when interrupted: code of users
   * may read results for ever.
   *
   * @return whether it is
   */
  boolean await(long nanos) {
    long start = System.nanoTime();
    boolean quiet = isQuiet();
    while (!quiet && System.nanoTime() - start < nanos && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, POLL_NANOS);
      quiet = isQuiet();
    }
    return quiet;
  }
}
