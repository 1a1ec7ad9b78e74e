package dev.procession.internal.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What tasks are to be like. Times are in nanoseconds; {@link #NEVER} is none.
 *
 * @param interruptAfter how long a task may run before it is interrupted
 * @param killAfter how long it may run before its worker is ended
 * @param stallAfter how long it may run without reporting progress
 * @param grace how long it may go on after it was cancelled with an interrupt
 * @param label what it is called, or null for the name of its class
 * @param attempts how often it is run at most
 * @param retried the failures after which it is run again
 */
public record TaskSpec(
    long interruptAfter,
    long killAfter,
    long stallAfter,
    long grace,
    @Nullable String label,
    int attempts,
    Predicate<? super Throwable> retried) {
  /** So long is for ever. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

  /** The defaults. */
  public static TaskSpec defaults() {
    return new TaskSpec(NEVER, NEVER, NEVER, GRACE, null, 1, failure -> false);
  }

  /** A copy with a time until it is interrupted. */
  public TaskSpec withInterruptAfter(Duration time) {
    return new TaskSpec(positive(time), killAfter, stallAfter, grace, label, attempts, retried);
  }

  /** A copy with a time until its worker is ended. */
  public TaskSpec withKillAfter(Duration time) {
    return new TaskSpec(
        interruptAfter, positive(time), stallAfter, grace, label, attempts, retried);
  }

  /** A copy with a time without progress until its worker is ended. */
  public TaskSpec withStallAfter(Duration time) {
    return new TaskSpec(interruptAfter, killAfter, positive(time), grace, label, attempts, retried);
  }

  /** A copy with a time to go on after it was cancelled. */
  public TaskSpec withGrace(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("negative: grace=" + time);
    }
    return new TaskSpec(
        interruptAfter,
        killAfter,
        stallAfter,
        TimeUnit.NANOSECONDS.convert(time),
        label,
        attempts,
        retried);
  }

  /** A copy with a label. */
  public TaskSpec withLabel(String newLabel) {
    return new TaskSpec(interruptAfter, killAfter, stallAfter, grace, newLabel, attempts, retried);
  }

  /** A copy that is run again. */
  public TaskSpec withRetry(int newAttempts, Predicate<? super Throwable> newRetried) {
    if (newAttempts < 1) {
      throw new IllegalArgumentException("a task is run at least once: attempts=" + newAttempts);
    }
    return new TaskSpec(
        interruptAfter, killAfter, stallAfter, grace, label, newAttempts, newRetried);
  }

  private static long positive(Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("time is not positive: time=" + time);
    }
    return TimeUnit.NANOSECONDS.convert(time);
  }

  /** Whether somebody has to look how long it has been running. */
  boolean hasClock() {
    return clock() != NEVER;
  }

  /** The time until something has to be done about a task that has just begun. */
  long clock() {
    return Math.min(interruptAfter, Math.min(killAfter, stallAfter));
  }

  /** What a task is called. */
  String describe(String otherwise) {
    return label == null ? otherwise : label;
  }
}
