package dev.procession.internal.pool;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** A call that submits items one by one, and tells their work how they end. */
final class ItemCall implements TaskPool.Call {
  /** Submits an item, the result of which is the only one. */
  interface Submission {
    CompletableFuture<? extends List<?>> submit(@Nullable Object item);
  }

  private final Submission submission;

  /** Those that are not done. */
  private final Map<Integer, CompletableFuture<?>> open = new ConcurrentHashMap<>();

  ItemCall(Submission submission) {
    this.submission = submission;
  }

  @Override
  public Feed feed(Work work, IntUnaryOperator numbers, Iterator<?> input, int size) {
    return new Feed() {
      @Override
      public boolean hasNext() {
        return input.hasNext();
      }

      @Override
      public int submitPiece(int mostItems) {
        if (mostItems < 1 || !input.hasNext()) {
          return 0;
        }
        CompletableFuture<? extends List<?>> future = submission.submit(input.next());
        follow(future, work, numbers.applyAsInt(1));
        return 1;
      }

      @Override
      public int pieceSize() {
        return 1;
      }
    };
  }

  private void follow(CompletableFuture<? extends List<?>> future, Work work, int index) {
    open.put(index, future);
    if (work.isDropped()) {
      future.cancel(false); // has come after the end
    }
    var _ =
        future.whenComplete(
            (results, failure) -> {
              open.remove(index);
              work.ended(index, outcome(results, failure));
              work.show();
            });
  }

  private static Outcome outcome(List<?> results, @Nullable Throwable failure) {
    return failure == null
        ? new Outcome(0, 0, results.getFirst(), null, null)
        : Outcome.failed(failure);
  }

  @Override
  @SuppressWarnings("Interruption") // somebody's wish
  public void end(Work work, boolean stop) {
    open.values().forEach(future -> future.cancel(stop));
  }
}
