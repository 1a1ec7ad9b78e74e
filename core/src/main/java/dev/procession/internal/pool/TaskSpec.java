package dev.procession.internal.pool;

import dev.procession.OutOfMemoryPolicy;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What tasks are to be like. A setter changes a copy that nobody else has yet, so that an instance
 * never changes once it is seen. Times are in nanoseconds; {@link #NEVER} is none.
 */
public final class TaskSpec implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** So long is for ever. */
  public static final long NEVER = Long.MAX_VALUE;

  /** The size of chunks follows what items cost. */
  static final int ADAPTIVE = 0;

  /** Items per worker that are read ahead where the input may have no end. */
  private static final int AHEAD = 64;

  private long interruptAfter = NEVER;
  private long killAfter = NEVER;
  private long stallAfter = NEVER;
  private long grace = TimeUnit.SECONDS.toNanos(1);
  private @Nullable String label;
  private int attempts = 1;

  /** Null for none. */
  @SuppressWarnings("serial") // travels if it can
  private @Nullable Predicate<? super Throwable> retried;

  /** Whether what is run again is said where the pool is, as that cannot travel. */
  private boolean isRetriedThere;

  private OutOfMemoryPolicy outOfMemory = OutOfMemoryPolicy.fail();
  private int priority;
  private int chunkSize = ADAPTIVE;
  private int window;

  private TaskSpec() {}

  /** The defaults. */
  public static TaskSpec defaults() {
    return new TaskSpec();
  }

  private TaskSpec copy() {
    TaskSpec copy = new TaskSpec();
    copy.interruptAfter = interruptAfter;
    copy.killAfter = killAfter;
    copy.stallAfter = stallAfter;
    copy.grace = grace;
    copy.label = label;
    copy.attempts = attempts;
    copy.retried = retried;
    copy.isRetriedThere = isRetriedThere;
    copy.outOfMemory = outOfMemory;
    copy.priority = priority;
    copy.chunkSize = chunkSize;
    copy.window = window;
    return copy;
  }

  /** A copy with a time until a task is interrupted. */
  public TaskSpec withInterruptAfter(Duration time) {
    TaskSpec copy = copy();
    copy.interruptAfter = positive(time);
    return copy;
  }

  /** A copy with a time until its worker is ended. */
  public TaskSpec withKillAfter(Duration time) {
    TaskSpec copy = copy();
    copy.killAfter = positive(time);
    return copy;
  }

  /** A copy with a time without progress until its worker is ended. */
  public TaskSpec withStallAfter(Duration time) {
    TaskSpec copy = copy();
    copy.stallAfter = positive(time);
    return copy;
  }

  /** A copy with a time to go on after it was cancelled with an interrupt. */
  public TaskSpec withGrace(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("negative: grace=" + time);
    }
    TaskSpec copy = copy();
    copy.grace = TimeUnit.NANOSECONDS.convert(time);
    return copy;
  }

  /** A copy with a label. */
  public TaskSpec withLabel(String newLabel) {
    TaskSpec copy = copy();
    copy.label = newLabel;
    return copy;
  }

  /** A copy that is run so often at most, again after some failures. */
  public TaskSpec withRetry(int newAttempts, Predicate<? super Throwable> newRetried) {
    TaskSpec copy = copy();
    copy.attempts = positive("attempts", newAttempts);
    copy.retried = newRetried;
    copy.isRetriedThere = false;
    return copy;
  }

  /** A copy with what is done about those that run out of memory. */
  public TaskSpec withOutOfMemory(OutOfMemoryPolicy policy) {
    TaskSpec copy = copy();
    copy.outOfMemory = policy;
    return copy;
  }

  /** A copy with a priority. */
  public TaskSpec withPriority(int newPriority) {
    TaskSpec copy = copy();
    copy.priority = newPriority;
    return copy;
  }

  /** A copy whose items go to workers in chunks of a size. */
  public TaskSpec withChunkSize(int items) {
    TaskSpec copy = copy();
    copy.chunkSize = positive("chunk size", items);
    return copy;
  }

  /** A copy of whose items so many are read ahead where the input may have no end. */
  public TaskSpec withWindow(int items) {
    TaskSpec copy = copy();
    copy.window = positive("window", items);
    return copy;
  }

  private static long positive(Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("time is not positive: time=" + time);
    }
    return TimeUnit.NANOSECONDS.convert(time);
  }

  /** A number that is at least 1. */
  static int positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("must be at least 1: " + what + "=" + value);
    }
    return value;
  }

  long interruptAfter() {
    return interruptAfter;
  }

  long killAfter() {
    return killAfter;
  }

  long stallAfter() {
    return stallAfter;
  }

  long grace() {
    return grace;
  }

  int attempts() {
    return attempts;
  }

  boolean isRetriedAfter(Throwable failure) {
    Predicate<? super Throwable> chosen = retried;
    return chosen != null && chosen.test(failure);
  }

  /** A copy for another process: which failures are retried is said here, whatever it is there. */
  public TaskSpec away() {
    TaskSpec copy = copy();
    copy.isRetriedThere = retried != null;
    copy.retried = null;
    return copy;
  }

  /**
   * What has come from another process, for a pool of this one.
   *
   * @param its what the pool's tasks are like
   */
  TaskSpec arrived(TaskSpec its) {
    if (!isRetriedThere) {
      return this;
    }
    TaskSpec copy = copy();
    copy.retried = its.retried;
    copy.attempts = its.attempts;
    copy.isRetriedThere = false;
    return copy;
  }

  OutOfMemoryPolicy outOfMemory() {
    return outOfMemory;
  }

  /** Higher ones go first. */
  int priority() {
    return priority;
  }

  /** Items of a chunk, or {@link #ADAPTIVE}. */
  int chunkSize() {
    return chunkSize;
  }

  /** Items that are read ahead by a pool with so many workers. */
  int window(int workers) {
    return window > 0 ? window : AHEAD * workers;
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
