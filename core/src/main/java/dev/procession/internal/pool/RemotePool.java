package dev.procession.internal.pool;

import dev.procession.PoolStats;
import dev.procession.ProcessionException;
import dev.procession.TaskNotSerializableException;
import dev.procession.channel.MessageNotSerializableException;
import dev.procession.internal.launch.CurrentTask;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool of another process, as it is held in this one: what is given to it is submitted there at
 * once, so that it does not depend on this process. Thread-safe.
 */
public final class RemotePool extends TaskPool implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** Of all pools: one that has arrived twice is two of these, and one client to its owner. */
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final transient PoolCalls calls;
  private final transient Supplier<Object> departure;
  private final transient Runnable settling;
  private final transient Completions completions = new Completions();

  /** What tasks are to be like; null for what they are there. */
  private final transient @Nullable TaskSpec chosen;

  /**
   * @param departure what it travels as
   */
  public RemotePool(PoolCalls calls, Supplier<Object> departure) {
    this(calls, departure, null);
  }

  private RemotePool(PoolCalls calls, Supplier<Object> departure, @Nullable TaskSpec chosen) {
    this.calls = calls;
    this.departure = departure;
    this.settling = () -> settle(calls);
    this.chosen = chosen;
  }

  /** {@return what travels} */
  @Serial
  private Object writeReplace() {
    Object pool = departure.get();
    return chosen == null ? pool : new View(pool, chosen);
  }

  /** A view of a pool, as it travels. */
  private record View(Object pool, TaskSpec tasks) implements Serializable {
    @Serial
    private Object readResolve() {
      return ((TaskPool) pool).with(tasks);
    }
  }

  @Override
  public TaskSpec tasks() {
    return chosen == null ? calls.tasks() : chosen;
  }

  @Override
  public RemotePool with(TaskSpec tasks) {
    return new RemotePool(calls, departure, tasks);
  }

  @Override
  void submitted() {
    CurrentTask.beforeEnd(settling);
  }

  @Override
  Completions completions() {
    return completions;
  }

  @Override
  public int workers() {
    return calls.workers();
  }

  @Override
  void check(Object task) {
    WorkerKind.requireSerializable(task, "process");
  }

  // giving tasks

  /** Gives something to the pool. */
  private interface Given<T extends @Nullable Object> {
    CompletableFuture<T> give(long number);
  }

  private <T extends @Nullable Object> RemoteFuture<T> give(Given<T> given) {
    long number = NUMBERS.incrementAndGet();
    try {
      return new RemoteFuture<>(calls, number, given.give(number));
    } catch (MessageNotSerializableException e) {
      throw new TaskNotSerializableException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Gives something that a task need not wait for: the pool has it before the task ends. */
  private <T extends @Nullable Object> RemoteFuture<T> leave(Given<T> given) {
    RemoteFuture<T> future = give(given);
    submitted();
    return future;
  }

  private static void settle(PoolCalls calls) {
    try {
      calls.settle();
    } catch (ProcessionException e) {
      return; // the pool is gone, as the futures say
    }
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submitCode(Object code) {
    return leave(number -> calls.submit(number, chosen, code));
  }

  @Override
  public <R extends @Nullable Object> CompletableFuture<List<R>> submitAll(
      int operation, Serializable function, Collection<?> items) {
    return leave(all(operation, function, items));
  }

  private <R extends @Nullable Object> Given<List<R>> all(
      int operation, Serializable function, Collection<?> items) {
    List<?> all = new ArrayList<>(items);
    return number -> calls.applyToAll(number, chosen, operation, function, all);
  }

  /** All in one call; nobody looks how far it is. */
  @Override
  <R extends @Nullable Object> List<R> mapAll(
      int operation, Serializable function, Collection<?> items) throws InterruptedException {
    CompletableFuture<List<R>> all = give(all(operation, function, items));
    try {
      return all.get();
    } catch (ExecutionException e) {
      Throwable why = e.getCause();
      throw Gathered.unchecked(why == null ? e : why);
    } catch (InterruptedException e) {
      all.cancel(false);
      throw e;
    }
  }

  @Override
  Call call(int operation, Serializable function, boolean prompt) {
    return new ItemCall(item -> give(all(operation, function, Collections.singleton(item))));
  }

  // what an ExecutorService has besides

  @Override
  public void resize(int least, int most) {
    calls.resize(least, most);
  }

  @Override
  public PoolStats stats() {
    return calls.stats();
  }

  @Override
  public void shutdown() {
    calls.shutdown();
  }

  @Override
  public void terminate() {
    calls.terminate();
  }

  @Override
  public boolean isShutdown() {
    return calls.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return calls.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return calls.awaitTermination(unit.toNanos(timeout));
  }

  @Override
  public void close() {
    shutdown();
    try {
      boolean _ = calls.awaitTermination(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      terminate();
      Thread.currentThread().interrupt();
    }
  }
}
