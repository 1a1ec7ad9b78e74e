package dev.procession.internal.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map as it runs: submits all items with bounded read-ahead, then collects their outcomes. */
final class MapCall<R extends @Nullable Object> {
  /** Pieces per worker that may be under way. */
  private static final int PIECES_AHEAD = 4;

  /** Failures beside the first that are told of. */
  private static final int MOST_SUPPRESSED = 16;

  private final Feed feed;
  private final Window window;
  private final int workers;

  MapCall(Feed feed, Window window, int workers) {
    this.feed = feed;
    this.window = window;
    this.workers = workers;
  }

  List<R> run() throws InterruptedException {
    int total = 0;
    while (feed.hasNext()) {
      int submitted = feed.submitPiece(Integer.MAX_VALUE);
      total += submitted;
      window.awaitUnderWay(PIECES_AHEAD * workers * submitted);
    }
    window.awaitUnderWay(0);
    return collect(total);
  }

  @SuppressWarnings("unchecked")
  private List<R> collect(int total) throws InterruptedException {
    List<R> results = new ArrayList<>(total);
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < total; i++) {
      Object outcome = window.take();
      if (outcome instanceof Window.Failed failed) {
        failures.add(failed.failure());
      } else {
        results.add((R) outcome);
      }
    }
    if (failures.isEmpty()) {
      return results;
    }
    Throwable first = failures.getFirst();
    for (int i = 1; i < Math.min(failures.size(), 1 + MOST_SUPPRESSED); i++) {
      first.addSuppressed(failures.get(i));
    }
    throw Window.unchecked(first);
  }
}
