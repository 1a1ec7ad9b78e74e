package dev.procession.internal.pool;

import dev.procession.Results;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The results of an imap, ordered or not: reads ahead as far as is allowed whenever one is taken.
 */
final class CollectedResults<R extends @Nullable Object> implements Results<R> {
  private final Feed feed;
  private final Collector collector;
  private final LongConsumer progress;
  private final Runnable onClose;

  /** Items that may be read ahead. */
  private final int ahead;

  private long done;
  private boolean closed;

  /** What reading the input has thrown; comes after the results of what was read before. */
  private @Nullable RuntimeException inputFailure;

  /**
   * @param ahead items that may be read ahead
   * @param progress hears how many outcomes were taken
   * @param onClose called once
   */
  CollectedResults(
      Feed feed, Collector collector, int ahead, LongConsumer progress, Runnable onClose) {
    this.feed = feed;
    this.collector = collector;
    this.ahead = ahead;
    this.progress = progress;
    this.onClose = onClose;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      return false;
    }
    fill();
    return collector.untaken() > 0 || inputFailure != null;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // null is a value where R says so
  public R next() {
    requireNext();
    return (R) passOn(collector.takeOrCancel()).valueOrThrow();
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // likewise
  public R next(Duration timeout) throws InterruptedException, TimeoutException {
    requireNext();
    return (R) passOn(collector.take(TimeUnit.NANOSECONDS.convert(timeout))).valueOrThrow();
  }

  private Outcome passOn(Outcome outcome) {
    boolean heard = false;
    try {
      progress.accept(++done);
      heard = true;
      return outcome;
    } finally {
      if (!heard) {
        close(); // what a progress throws ends the call
      }
    }
  }

  /** Fails as the input did, if that is what comes next. */
  private void requireNext() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RuntimeException failure = inputFailure;
    if (collector.untaken() == 0 && failure != null) {
      inputFailure = null;
      throw failure;
    }
  }

  private void fill() {
    try {
      int room = ahead - collector.untaken();
      while (inputFailure == null && room > 0 && feed.hasNext()) {
        room -= feed.submitPiece(room);
      }
    } catch (RuntimeException e) {
      inputFailure = e;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
