package dev.procession.internal.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map as it runs: submits all items with bounded read-ahead, and takes outcomes in order. */
final class MapCall<R extends @Nullable Object> {
  /** Pieces per worker that may be under way. */
  private static final int PIECES_AHEAD = 4;

  /** Failures beside the first that are told of. */
  private static final int MOST_SUPPRESSED = 16;

  private final Feed feed;
  private final Window window;
  private final int workers;
  private final List<R> results;
  private final List<Throwable> failures = new ArrayList<>();

  MapCall(Feed feed, Window window, int workers, int size) {
    this.feed = feed;
    this.window = window;
    this.workers = workers;
    this.results = new ArrayList<>(size);
  }

  List<R> run() throws InterruptedException {
    while (feed.hasNext()) {
      int submitted = feed.submitPiece(Integer.MAX_VALUE);
      takeUntil(PIECES_AHEAD * workers * submitted);
    }
    takeUntil(0);
    if (failures.isEmpty()) {
      return results;
    }
    Throwable first = failures.getFirst();
    for (int i = 1; i < Math.min(failures.size(), 1 + MOST_SUPPRESSED); i++) {
      first.addSuppressed(failures.get(i));
    }
    throw Window.unchecked(first);
  }

  @SuppressWarnings("unchecked")
  private void takeUntil(int left) throws InterruptedException {
    while (window.untaken() > left) {
      Outcome outcome = window.take();
      Throwable failure = outcome.failure();
      if (failure != null) {
        failures.add(failure);
      } else {
        results.add((R) outcome.value());
      }
    }
  }
}
