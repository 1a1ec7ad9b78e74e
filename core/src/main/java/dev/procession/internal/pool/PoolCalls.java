package dev.procession.internal.pool;

import dev.procession.PoolStats;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A pool as other processes call it, see {@link RemotePool}. What is given to it has a number, by
 * which who has given it can take it back.
 */
public interface PoolCalls {
  /**
   * Submits a task.
   *
   * @param tasks what it is to be like; null for what the pool's tasks are
   * @param code a callable or runnable
   */
  <T extends @Nullable Object> CompletableFuture<T> submit(
      long number, @Nullable TaskSpec tasks, Object code);

  /**
   * Applies a function to items.
   *
   * @param operation of {@link dev.procession.internal.launch.ChunkLayout}
   */
  <R extends @Nullable Object> CompletableFuture<List<R>> applyToAll(
      long number, @Nullable TaskSpec tasks, int operation, Serializable function, List<?> items);

  /** Returns when the pool has what the same thread has given before. */
  void settle();

  /** Cancels what was given, if it is not done. */
  CompletableFuture<@Nullable Void> cancel(long number, boolean mayInterrupt);

  /** What tasks are like, as far as that can travel. */
  TaskSpec tasks();

  int workers();

  PoolStats stats();

  void resize(int least, int most);

  void shutdown();

  void terminate();

  boolean isShutdown();

  boolean isTerminated();

  boolean awaitTermination(long nanos) throws InterruptedException;
}
