package dev.procession.internal.pool;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Has something done once, at the earliest of the times that were asked for; then it can be asked
 * again. Guarded by the lock of the {@link Scheduler}, under which it is done.
 */
final class Alarm {
  private final Dispatcher.Later later;
  private final Runnable action;

  private @Nullable Future<?> next;
  private long dueAt;

  Alarm(Dispatcher.Later later, Runnable action) {
    this.later = later;
    this.action = action;
  }

  /** Whether there is a time at which it is done. */
  boolean isSet() {
    return next != null;
  }

  /** When a time has passed, unless it is done earlier anyway; never is no time. */
  void setIn(long nanos) {
    if (nanos == TaskSpec.NEVER) {
      return;
    }
    long at = System.nanoTime() + nanos;
    if (next == null || at - dueAt < 0) {
      stop();
      dueAt = at;
      next = later.after(nanos, () -> ring(at));
    }
  }

  private void ring(long at) {
    if (next != null && at == dueAt) { // it was not set to an earlier time meanwhile
      next = null;
      action.run();
    }
  }

  /** Not at all. Nobody waits for a time that may be far away, with all that hangs on it. */
  void stop() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }
}
