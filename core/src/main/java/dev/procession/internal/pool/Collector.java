package dev.procession.internal.pool;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of a call's items as they come in: where one thread, that submits items and takes
 * results, meets the readers. Items are numbered from 0 in the order of submission.
 */
interface Collector extends Work {
  /**
   * Makes room for items that are about to be submitted; returns the first one's number. A negative
   * count says that the last were refused.
   */
  int submit(int count);

  /** Items submitted whose outcome was not taken. */
  int untaken();

  /**
   * Takes and reads the next outcome, waiting for it.
   *
   * @throws TimeoutException if there is none in time; nothing is lost
   * @throws InterruptedException if interrupted, also where it need not wait; nothing is lost
   */
  Outcome take(long nanos) throws InterruptedException, TimeoutException;

  /** Takes and reads the next outcome, however long that takes. */
  default Outcome take() throws InterruptedException {
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
  default @Nullable Object takeValue() {
    try {
      return take().valueOrThrow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("interrupted while waiting");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  /** Nobody will take the rest. */
  void drop();
}
