package dev.procession.internal.pool;

import dev.procession.internal.launch.ChunkLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is done with items, the same for many: an operation of {@link
 * dev.procession.internal.launch.ChunkLayout} and, if that needs one, a function; and what items of
 * it cost, learned as chunks end.
 */
final class Job {
  /** Hears of items that have ended. */
  interface Ended {
    /** One has, and will not be run again. */
    void ended(Work work, int index, Outcome outcome);
  }

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** Weight of the newest cost in the average. */
  private static final double NEWEST = 0.5;

  private static final double CHEAP_NANOS = 5_000;

  private final long number = NUMBERS.incrementAndGet();
  private final int operation;
  private final boolean prompt;
  private final @Nullable Parcel function;
  private final TaskSpec tasks;
  private final Ended ended;
  private volatile double nanosPerItem = -1;

  /**
   * @param prompt whether somebody may wait for a single item, rather than for all
   * @param tasks what its items are to be like
   * @param ended hears of each that has ended
   */
  Job(int operation, @Nullable Parcel function, boolean prompt, TaskSpec tasks, Ended ended) {
    this.operation = operation;
    this.prompt = prompt;
    this.function = function;
    this.tasks = tasks;
    this.ended = ended;
  }

  /** Identifies its function to the workers. */
  long number() {
    return number;
  }

  int operation() {
    return operation;
  }

  boolean prompt() {
    return prompt;
  }

  TaskSpec tasks() {
    return tasks;
  }

  /**
   * Whether somebody may want to interrupt an item, or look how long it has been running. Not so if
   * that would cost a good part of what the item does.
   */
  boolean isSupervised() {
    double cost = nanosPerItem;
    return operation == ChunkLayout.CALL || tasks.hasClock() || cost < 0 || cost > CHEAP_NANOS;
  }

  @Nullable Parcel function() {
    return function;
  }

  /** An item of it has ended. */
  void ended(Work work, int index, Outcome outcome) {
    ended.ended(work, index, outcome);
  }

  /** Learns from a chunk. */
  void learn(int items, long nanos) {
    if (items > 0) {
      double cost = (double) nanos / items;
      double known = nanosPerItem;
      nanosPerItem = known < 0 ? cost : known + NEWEST * (cost - known);
    }
  }

  /** Nanoseconds that an item takes, or a negative number while that is not known. */
  double nanosPerItem() {
    return nanosPerItem;
  }

  /** Its function will not be needed any more. */
  void discard() {
    if (function != null) {
      function.discard();
    }
  }
}
