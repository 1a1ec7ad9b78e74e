package dev.procession.internal.pool;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of a call's items as they come in: where one thread, that submits items and takes
 * results, meets the readers. Items are numbered from 0 in the order of submission.
 */
abstract class Collector implements Work {
  private final String description;
  private volatile boolean dropped;

  // of the thread that submits and takes
  private int submitted;
  private int taken;

  /**
   * @param description of what has submitted the items
   */
  Collector(String description) {
    this.description = description;
  }

  @Override
  public final String describe(int index) {
    return description + " item " + index;
  }

  /**
   * Makes room for items that are about to be submitted; returns the first one's number. A negative
   * count says that the last were refused.
   */
  int submit(int count) {
    int first = submitted;
    submitted += count;
    return first;
  }

  @Override
  public final int mostPieces() {
    return untaken();
  }

  /** Items submitted whose outcome was not taken. */
  final int untaken() {
    return submitted - taken;
  }

  /** Number of the first item that was not taken, if they are taken in their order. */
  final int taken() {
    return taken;
  }

  /**
   * Takes and reads the next outcome, waiting for it.
   *
   * @throws TimeoutException if there is none in time; nothing is lost
   * @throws InterruptedException if interrupted, also where it need not wait; nothing is lost
   */
  final Outcome take(long nanos) throws InterruptedException, TimeoutException {
    Outcome outcome = await(nanos);
    taken++;
    return outcome.read();
  }

  /** Waits for the next outcome, as {@link #take(long)} says, and removes it. */
  abstract Outcome await(long nanos) throws InterruptedException, TimeoutException;

  /** Takes and reads the next outcome, however long that takes. */
  final Outcome take() throws InterruptedException {
    try {
      return take(Long.MAX_VALUE);
    } catch (TimeoutException e) {
      throw new IllegalStateException("three centuries have passed", e);
    }
  }

  /**
   * Takes the value of the next outcome.
   *
   * @throws RuntimeException what the item has thrown, see {@link Gathered#unchecked}
   * @throws CancellationException if interrupted, which restores the interrupt; nothing is lost
   */
  final @Nullable Object takeValue() {
    return takeOrCancel().valueOrThrow();
  }

  /**
   * Takes and reads the next outcome, however long that takes.
   *
   * @throws CancellationException if interrupted, which restores the interrupt; nothing is lost
   */
  final Outcome takeOrCancel() {
    try {
      return take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** What is thrown where an interrupt may not be, which is restored. */
  static CancellationException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    CancellationException cancelled = new CancellationException("interrupted while waiting");
    cancelled.initCause(cause);
    return cancelled;
  }

  /** Nobody will take the rest. */
  final void drop() {
    dropped = true;
    discardUntaken();
  }

  /** Discards the outcomes that are there. */
  abstract void discardUntaken();

  @Override
  public final boolean isDropped() {
    return dropped;
  }
}
