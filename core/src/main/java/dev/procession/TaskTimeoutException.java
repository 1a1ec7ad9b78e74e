package dev.procession;

import java.time.Duration;

/**
 * A task ran for longer than it may, and was ended: its worker was killed, or is left to itself if
 * it is a thread. It was started, and whether it did its work is unknown; it is not run again.
 */
public final class TaskTimeoutException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /** What ran. */
  private final String task;

  /** How long it may run. */
  private final Duration limit;

  /** What its thread did then. */
  private final String trace;

  /**
   * Creates one.
   *
   * @param task what ran
   * @param limit how long it may run
   * @param trace the stack trace of its thread, empty if that could not be had
   */
  public TaskTimeoutException(String task, Duration limit, String trace) {
    super(
        "task ran for too long: task="
            + task
            + ", limit="
            + limit
            + (trace.isEmpty() ? "" : "\n--- what it did ---\n" + trace),
        null);
    this.task = task;
    this.limit = limit;
    this.trace = trace;
  }

  /**
   * Returns what ran.
   *
   * @return a description for people
   */
  public String task() {
    return task;
  }

  /**
   * Returns how long it may run.
   *
   * @return the hard timeout
   */
  public Duration limit() {
    return limit;
  }

  /**
   * Returns what the task's thread was doing.
   *
   * @return a stack trace, as text; empty if the worker did not answer
   */
  public String trace() {
    return trace;
  }
}
