package dev.procession;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Results of {@link Pool#imap} or {@link Pool#imapUnordered} as they are taken, one at a time. For
 * one thread at a time.
 *
 * <p>{@link #next} waits for the next result. If its item failed, it throws what {@link Pool#map}
 * would, and the iteration can go on with the item after it. If the thread is interrupted while it
 * waits, it throws a {@link java.util.concurrent.CancellationException}, with the interrupt
 * restored; nothing is lost.
 *
 * @param <R> type of the results
 */
@SuppressWarnings("IterableAndIterator") // can be walked once, by hand or in a for loop
public interface Results<R extends @Nullable Object>
    extends Iterator<R>, Iterable<R>, AutoCloseable {
  /**
   * Returns this.
   *
   * @return this
   */
  @Override
  default Iterator<R> iterator() {
    return this;
  }

  /**
   * Waits for the next result, for so long.
   *
   * @param timeout zero or less does not wait
   * @return the next result
   * @throws java.util.NoSuchElementException if there are no more
   * @throws TimeoutException if it is not there in time; nothing is lost
   * @throws InterruptedException if interrupted while waiting; nothing is lost
   */
  R next(Duration timeout) throws InterruptedException, TimeoutException;

  /** Drops what was read ahead: what has not begun, never will. Idempotent. */
  @Override
  void close();
}
