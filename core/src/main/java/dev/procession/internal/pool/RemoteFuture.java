package dev.procession.internal.pool;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What was given to a pool of another process: cancelling it does so there. */
final class RemoteFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final PoolCalls calls;
  private final long number;

  /**
   * @param number that it was given with
   * @param answer of the other process
   */
  RemoteFuture(PoolCalls calls, long number, CompletableFuture<T> answer) {
    this.calls = calls;
    this.number = number;
    var _ = answer.whenComplete(this::answered);
  }

  private void answered(T value, @Nullable Throwable failure) {
    boolean _ = failure == null ? complete(value) : completeExceptionally(failure);
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    if (cancelled) {
      CompletableFuture<?> _ = calls.cancel(number, mayInterrupt);
    }
    return cancelled;
  }

  /** Futures that hang on this one are ordinary ones. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
