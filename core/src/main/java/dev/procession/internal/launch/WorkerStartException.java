package dev.procession.internal.launch;

import org.jspecify.annotations.Nullable;

/** A worker JVM could not be started, or ended before it was ready. */
public final class WorkerStartException extends Exception {
  private static final long serialVersionUID = 1L;

  public WorkerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
