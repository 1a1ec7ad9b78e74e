package dev.procession;

import dev.procession.internal.pool.ThrownByTask;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * How far a task had come that has failed: whether it can be run again if it must not run twice.
 *
 * {@snippet :
 * var paid = pool.submit(() -> pay(invoice));
 * try {
 *   paid.get();
 * } catch (ExecutionException | CancellationException e) {
 *   switch (Execution.of(e)) {
 *     case NOT_STARTED -> later(invoice);
 *     case STARTED -> askTheBank(invoice);
 *     case FINISHED -> report(invoice, e);
 *   }
 * }
 * }
 */
public enum Execution {
  /** None of it has run. */
  NOT_STARTED,

  /** It has begun, and how far it came is not known. */
  STARTED,

  /** It has run to its end: it has thrown, or what it returned could not travel. */
  FINISHED;

  /**
   * Tells how far a task had come.
   *
   * @param failure what its future, or a method that waits for it, has thrown
   * @return how far; {@link #STARTED} also where nobody knows, as when {@link
   *     java.util.concurrent.Future#cancel} has ended its future
   */
  public static Execution of(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wraps =
        failure instanceof ExecutionException
            || failure instanceof CompletionException
            || cause instanceof CancellationException; // a future that was cancelled throws its own
    if (wraps && cause != null) {
      return of(cause);
    }
    if (ThrownByTask.isOn(failure)) {
      return FINISHED;
    }
    return switch (failure) {
      case WorkerDiedException died -> died.execution();
      case TaskCancelledException cancelled -> cancelled.execution();
      case TaskTimeoutException _, CancellationException _ -> STARTED;
      case TaskNotSerializableException _,
          TaskNotLoadableException _,
          PoolBrokenException _,
          RejectedExecutionException _ ->
          NOT_STARTED;
      default -> FINISHED;
    };
  }
}
