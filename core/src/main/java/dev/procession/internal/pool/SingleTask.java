package dev.procession.internal.pool;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One submitted task. */
final class SingleTask<T extends @Nullable Object> implements Work {
  private final String description;
  private final CompletableFuture<T> future = new CompletableFuture<>();

  SingleTask(String description) {
    this.description = description;
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public String describe(int index) {
    return description;
  }

  // What hangs on the future is the user's, and may block: it must not run in a reader.

  @Override
  @SuppressWarnings("unchecked")
  public void succeeded(int index, @Nullable Object value) {
    Thread.startVirtualThread(() -> future.complete((T) value));
  }

  @Override
  public void failed(int index, Throwable failure) {
    Thread.startVirtualThread(() -> future.completeExceptionally(failure));
  }

  @Override
  public boolean isDropped() {
    return future.isDone();
  }
}
