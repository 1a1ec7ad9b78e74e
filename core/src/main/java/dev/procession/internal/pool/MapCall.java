package dev.procession.internal.pool;

import dev.procession.BulkProgress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map as it runs: submits all items with bounded read-ahead, and takes outcomes in order. */
final class MapCall<R extends @Nullable Object> {
  private final Feed feed;
  private final Window window;
  private final int workers;
  private final Gathered<R> gathered;
  private final int size;
  private final BulkProgress progress;
  private int done;

  MapCall(Feed feed, Window window, int workers, int size, BulkProgress progress) {
    this.feed = feed;
    this.window = window;
    this.workers = workers;
    this.gathered = new Gathered<>(size);
    this.size = size;
    this.progress = progress;
  }

  List<R> run() throws InterruptedException {
    progress.update(0, size);
    while (feed.hasNext()) {
      int submitted = feed.submitPiece(Integer.MAX_VALUE);
      takeUntil(workers * feed.ahead(submitted));
    }
    takeUntil(0);
    Throwable failure = gathered.failure();
    if (failure != null) {
      throw Gathered.unchecked(failure);
    }
    return gathered.results();
  }

  private void takeUntil(int left) throws InterruptedException {
    while (window.untaken() > left) {
      gathered.add(window.take());
      progress.update(++done, size);
    }
  }
}
