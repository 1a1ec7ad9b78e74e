package dev.procession.internal.manager;

import dev.procession.Pool;
import dev.procession.PoolStats;
import dev.procession.internal.pool.PoolCalls;
import dev.procession.internal.pool.Submitter;
import dev.procession.internal.pool.TaskPool;
import dev.procession.internal.pool.TaskSpec;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool that other processes call. What workers of the pool itself submit is known to be for the
 * tasks that they run.
 */
final class PoolObject implements PoolCalls, Servant {
  private final TaskPool pool;

  /** Whether it ends with this. */
  private volatile boolean isOwned;

  /** What is not done. */
  private final Map<Key, Given> given = new ConcurrentHashMap<>();

  /** Of something that a client has given. */
  private record Key(Client client, long number) {}

  /** May be cancelled while it still waits for room. */
  private static final class Given {
    private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

    void cancel(boolean mayInterrupt) {
      cancelled.complete(mayInterrupt);
    }

    void follow(CompletableFuture<?> future) {
      var _ = cancelled.thenAccept(future::cancel);
    }
  }

  private PoolObject(TaskPool pool, boolean isOwned) {
    this.pool = pool;
    this.isOwned = isOwned;
  }

  /** A pool of this process. */
  static PoolObject of(TaskPool pool) {
    return new PoolObject(pool, false);
  }

  /** A pool of processes of its own; it ends when nobody holds it any more. */
  static PoolObject open(int workers) {
    return new PoolObject((TaskPool) Pool.processes(workers), true); // no others are permitted
  }

  @Override
  public void gone() {
    if (isOwned) {
      pool.shutdown();
    }
  }

  /** To its own process, a pool is no proxy; it ends there as others do. */
  @Override
  public Object itself() {
    isOwned = false;
    return pool;
  }

  private TaskPool pool(@Nullable TaskSpec tasks) {
    return tasks == null ? pool : pool.with(tasks);
  }

  private <T extends @Nullable Object> CompletableFuture<T> give(
      long number, Supplier<CompletableFuture<T>> submission) {
    Client client = Caller.current().client();
    Key key = new Key(client, number);
    Given its = new Given();
    given.put(key, its);
    Session.mayWait(); // for room
    CompletableFuture<T> future;
    try {
      future = Submitter.inProcess(client.pid(), submission);
    } catch (RuntimeException | Error e) {
      given.remove(key);
      throw e;
    }
    its.follow(future);
    var _ = future.whenComplete((value, failure) -> given.remove(key));
    return future;
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(
      long number, @Nullable TaskSpec tasks, Object code) {
    return give(number, () -> pool(tasks).submitCode(code));
  }

  @Override
  public <R extends @Nullable Object> CompletableFuture<List<R>> applyToAll(
      long number, @Nullable TaskSpec tasks, int operation, Serializable function, List<?> items) {
    return give(number, () -> pool(tasks).submitAll(operation, function, items));
  }

  @Override
  public void settle() {
    // calls of a thread are made one after the other
  }

  @Override
  public CompletableFuture<@Nullable Void> cancel(long number, boolean mayInterrupt) {
    Given found = given.get(new Key(Caller.current().client(), number));
    if (found != null) {
      found.cancel(mayInterrupt);
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public TaskSpec tasks() {
    return pool.tasks().away();
  }

  @Override
  public int workers() {
    return pool.workers();
  }

  @Override
  public PoolStats stats() {
    return pool.stats();
  }

  @Override
  public void resize(int least, int most) {
    pool.resize(least, most);
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public void terminate() {
    pool.terminate();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long nanos) throws InterruptedException {
    return pool.awaitTermination(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public String toString() {
    return pool.toString();
  }
}
