package dev.procession.internal.pool;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One submitted task. */
final class SingleTask<T extends @Nullable Object> implements Work {
  private final String description;
  private final TaskFuture<T> future;

  SingleTask(String description, Scheduler scheduler) {
    this.description = description;
    this.future = new TaskFuture<>(stop -> scheduler.withdraw(this, stop), scheduler.completions());
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public String describe(int index) {
    return description;
  }

  @Override
  public void ended(int index, Outcome outcome) {
    future.settle(outcome);
  }

  @Override
  public void show() {
    // the future is settled at once
  }

  @Override
  public boolean isDropped() {
    return future.isDone();
  }
}
