package dev.procession.internal.pool;

import dev.procession.Results;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The results of an imap: reads ahead as far as the window allows whenever one is taken. */
final class WindowResults<R extends @Nullable Object> implements Results<R> {
  private final Feed feed;
  private final Window window;
  private final Runnable onClose;

  /** Items that may be read ahead. */
  private final int ahead;

  private boolean closed;

  /** What reading the input has thrown; comes after the results of what was read before. */
  private @Nullable RuntimeException inputFailure;

  WindowResults(Feed feed, Window window, int ahead, Runnable onClose) {
    this.feed = feed;
    this.window = window;
    this.ahead = ahead;
    this.onClose = onClose;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      return false;
    }
    fill();
    return window.untaken() > 0 || inputFailure != null;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // null is a value where R says so
  public R next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RuntimeException failure = inputFailure;
    if (window.untaken() == 0 && failure != null) {
      inputFailure = null;
      throw failure;
    }
    try {
      Outcome outcome = window.take();
      Throwable thrown = outcome.failure();
      if (thrown != null) {
        throw Window.unchecked(thrown);
      }
      return (R) outcome.value();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("interrupted while waiting");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  private void fill() {
    try {
      int room = ahead - window.untaken();
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
