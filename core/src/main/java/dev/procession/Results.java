package dev.procession;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Results of {@link Pool#imap} as they are taken, one at a time. For one thread at a time.
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

  /** Drops what was read ahead: what has not begun, never will. Idempotent. */
  @Override
  void close();
}
