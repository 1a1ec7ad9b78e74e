package dev.procession;

import java.time.Duration;

/**
 * A task ran for longer than it may, or made no progress for longer, and was ended: its worker was
 * killed, or is left to itself if it is a thread. It was started, and whether it did its work is
 * unknown; it is not run again.
 */
public final class TaskTimeoutException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /** What ran. */
  private final String task;

  /** How long it may run. */
  private final Duration limit;

  /** Whether it ran for so long without reporting progress. */
  private final boolean stalled;

  /** What its thread did then, and others of its worker. */
  private final String trace;

  /**
   * Creates one.
   *
   * @param task what ran
   * @param limit how long it may run
   * @param stalled whether that is without reporting progress
   * @param trace the stack trace of its thread, and maybe of others; empty if that could not be had
   */
  public TaskTimeoutException(String task, Duration limit, boolean stalled, String trace) {
    super(
        (stalled ? "task made no progress for too long: task=" : "task ran for too long: task=")
            + task
            + ", limit="
            + limit
            + (trace.isEmpty() ? "" : "\n--- what it did ---\n" + trace),
        null);
    this.task = task;
    this.limit = limit;
    this.stalled = stalled;
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
   * Returns whether it was ended as it did not report progress.
   *
   * @return false if it was ended as it ran for too long
   */
  public boolean isStalled() {
    return stalled;
  }

  /**
   * Returns how long it may run.
   *
   * @return the hard timeout, or the stall timeout
   */
  public Duration limit() {
    return limit;
  }

  /**
   * Returns what the task's thread was doing; and after that, where the worker is a process, what
   * other threads were that tasks have started there.
   *
   * @return stack traces, as text, those of other threads after their name and state; cut off after
   *     16 KiB; empty if the worker did not answer
   */
  public String trace() {
    return trace;
  }
}
