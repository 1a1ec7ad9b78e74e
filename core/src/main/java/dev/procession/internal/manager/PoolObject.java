package dev.procession.internal.manager;

import dev.procession.Pool;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.manager.ServedPool;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A pool of processes that is served; it ends with the server's process, or when told to. */
final class PoolObject implements ServedPool {
  private final Pool pool;

  private PoolObject(Pool pool) {
    this.pool = pool;
  }

  static PoolObject open(int workers) {
    return new PoolObject(Pool.processes(workers));
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(SerializableCallable<T> task) {
    return pool.submit(task);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> CompletableFuture<List<R>> map(
      SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items) {
    return pool.mapAsync(function, items);
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public String toString() {
    return pool.toString();
  }
}
