package dev.procession.internal.pool;

import org.jspecify.annotations.Nullable;

/**
 * For which worker's task this thread submits something, if for one: what a pool runs for its own
 * tasks must not wait behind them.
 */
final class Submitter {
  private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

  private Submitter() {}

  /** What this thread does from now on, tasks of a worker do. */
  static void become(Object worker) {
    CURRENT.set(worker);
  }

  /** The worker, as {@link Worker#key} names it, or null. */
  static @Nullable Object current() {
    return CURRENT.get();
  }
}
