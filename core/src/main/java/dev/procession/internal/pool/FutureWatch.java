package dev.procession.internal.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hears when futures are done, until it is closed; leaves nothing behind on those that are not. */
final class FutureWatch implements AutoCloseable {
  /**
   * One for each future: all that hangs on one is walked when any of its futures is done, so one
   * for all would take the square of their number.
   */
  private final List<CompletableFuture<@Nullable Void>> ends = new ArrayList<>();

  /** Begins to watch futures; those that are done by now are told at once, in their order. */
  <T extends @Nullable Object> FutureWatch(
      List<CompletableFuture<T>> futures, Consumer<CompletableFuture<T>> done) {
    for (CompletableFuture<T> future : futures) {
      CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
      ends.add(end);
      // of all that can hang on a future, only this lets go of it
      var _ = CompletableFuture.anyOf(future, end).whenComplete((value, why) -> tell(future, done));
    }
  }

  private static <T extends @Nullable Object> void tell(
      CompletableFuture<T> future, Consumer<CompletableFuture<T>> done) {
    if (future.isDone()) { // otherwise it is not watched any more
      done.accept(future);
    }
  }

  @Override
  public void close() {
    for (CompletableFuture<@Nullable Void> end : ends) {
      end.complete(null);
    }
  }
}
