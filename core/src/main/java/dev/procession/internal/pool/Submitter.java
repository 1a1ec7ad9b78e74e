package dev.procession.internal.pool;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * For which worker's task this thread submits something, if for one: what a pool runs for its own
 * tasks must not wait behind them.
 */
public final class Submitter {
  private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

  private Submitter() {}

  /** What this thread does from now on, tasks of a worker do. */
  static void become(Object worker) {
    CURRENT.set(worker);
  }

  /** Submits something for a task of the worker that is the process with that number, if one is. */
  public static <T extends @Nullable Object> T inProcess(long pid, Supplier<T> action) {
    Object outer = CURRENT.get();
    CURRENT.set(pid);
    try {
      return action.get();
    } finally {
      CURRENT.set(outer);
    }
  }

  /** The worker, as {@link Worker#key} names it, or null. */
  static @Nullable Object current() {
    return CURRENT.get();
  }
}
