package dev.procession.manager;

import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A {@link dev.procession.Pool} of processes that a {@link Manager} serves, on its machine.
 * Thread-safe; travels as a proxy of the same pool.
 */
public interface ServedPool {
  /**
   * Submits a task.
   *
   * @param <T> type of its result
   * @param task the code
   * @return completed, in this process, with what the code returns or throws. Cancelling it only
   *     stops waiting
   */
  <T extends @Nullable Object> CompletableFuture<T> submit(SerializableCallable<T> task);

  /**
   * Applies a function to each item.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @return completed with the results in the order of the items, or with what the first that
   *     failed has thrown
   */
  <T extends @Nullable Object, R extends @Nullable Object> CompletableFuture<List<R>> map(
      SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items);

  /** Ends the pool when all that was submitted is done. */
  void shutdown();
}
