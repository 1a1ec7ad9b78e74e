package dev.procession.internal.pool;

import dev.procession.ProcessionException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Says of an exception, as one that it suppresses, that a task has thrown it: of those that a pool
 * could have made itself, as when a task has a pool of its own.
 */
public final class ThrownByTask extends Exception {
  private static final long serialVersionUID = 1L;

  private ThrownByTask() {
    super("The task itself has thrown this.", null, false, false);
  }

  /** Says so, if it is not obvious. */
  static <T extends Throwable> T mark(T thrown) {
    boolean isAmbiguous =
        thrown instanceof ProcessionException
            || thrown instanceof CancellationException
            || thrown instanceof RejectedExecutionException;
    if (isAmbiguous && !isOn(thrown)) {
      thrown.addSuppressed(new ThrownByTask());
    }
    return thrown;
  }

  /** Whether an exception says so. */
  public static boolean isOn(Throwable failure) {
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof ThrownByTask) {
        return true;
      }
    }
    return false;
  }
}
