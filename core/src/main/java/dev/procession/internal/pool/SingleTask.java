package dev.procession.internal.pool;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One submitted task. */
final class SingleTask<T extends @Nullable Object> implements Work, TaskFuture.Abandonment {
  private final String description;
  private final Scheduler scheduler;
  private final TaskFuture<T> future;

  SingleTask(String description, Scheduler scheduler) {
    this.description = description;
    this.scheduler = scheduler;
    this.future = new TaskFuture<>(this, scheduler.completions());
  }

  @Override
  public void abandoned(boolean stop) {
    scheduler.withdraw(this, stop);
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
  @SuppressWarnings("Interruption") // what the task has begun is the pool's
  public void abandon() {
    future.cancel(true);
  }

  @Override
  public boolean isDropped() {
    return future.isDone();
  }
}
