package dev.procession.internal.pool;

import dev.procession.BulkProgress;
import dev.procession.Pool;
import dev.procession.Results;
import dev.procession.function.SerializableBiFunction;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.launch.ChunkLayout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * What all pools do alike, whoever runs their tasks: calls that spread items, and what an {@link
 * java.util.concurrent.ExecutorService} has besides.
 */
public abstract sealed class TaskPool implements Pool permits RemotePool, WorkerPool {
  /** Hears of no progress. */
  private static final BulkProgress NOBODY = (done, total) -> {};

  /** A function that is applied to items. */
  interface Call {
    /**
     * Makes what submits items, see {@link PieceFeed}.
     *
     * @param size of the input, or a negative number if that is not known
     */
    Feed feed(Work work, IntUnaryOperator numbers, Iterator<?> input, int size);

    /**
     * The call ends; what it has submitted and is not done, nobody wants.
     *
     * @param stop whether what runs of it shall end, too
     */
    void end(Work work, boolean stop);
  }

  /**
   * Begins to apply a function.
   *
   * @param operation of {@link ChunkLayout}
   * @param prompt whether somebody may wait for a single item, rather than for all
   */
  abstract Call call(int operation, Serializable function, boolean prompt);

  /** The most workers. */
  public abstract int workers();

  /**
   * Checks code that was not compiled for this library.
   *
   * @throws dev.procession.TaskNotSerializableException if it cannot travel, whatever it holds
   */
  abstract void check(Object task);

  /** What tasks that are given to this are to be like. */
  public abstract TaskSpec tasks();

  /** A view of the same pool for tasks of another sort. */
  public abstract TaskPool with(TaskSpec tasks);

  /** Submits a callable or runnable. */
  public abstract <T extends @Nullable Object> CompletableFuture<T> submitCode(Object code);

  /** Completes futures of this. */
  abstract Completions completions();

  /** Applies a function to each item, and does not wait. */
  public <R extends @Nullable Object> CompletableFuture<List<R>> submitAll(
      int operation, Serializable function, Collection<?> items) {
    return submitAll(operation, function, items, null);
  }

  private <R extends @Nullable Object> CompletableFuture<List<R>> submitAll(
      int operation, Serializable function, Collection<?> items, @Nullable BulkProgress progress) {
    List<?> snapshot = Arrays.asList(items.toArray());
    int size = snapshot.size();
    Call call = call(operation, function, false);
    BulkFuture<R> bulk = new BulkFuture<>(tasks().describe("map"), size, completions(), progress);
    var _ = bulk.whenComplete((results, failure) -> end(call, bulk));
    AtomicInteger numbers = new AtomicInteger();
    Feed feed = call.feed(bulk, numbers::getAndAdd, snapshot.iterator(), size);
    boolean all = false;
    try {
      boolean more = true;
      while (more && !bulk.isDone()) {
        more = feed.submitPiece(Integer.MAX_VALUE) > 0;
      }
      submitted();
      all = true;
      return bulk;
    } finally {
      if (!all) {
        bulk.cancel(false);
      }
    }
  }

  /** All items of a call are submitted that nobody waits in. */
  abstract void submitted();

  private static void end(Call call, BulkFuture<?> bulk) {
    bulk.drop();
    call.end(bulk, bulk.isStopped());
  }

  private static void end(Call call, Collector collector) {
    collector.drop();
    call.end(collector, false);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items)
      throws InterruptedException {
    return mapAll(ChunkLayout.APPLY, function, items);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super T, ? extends R> function,
      Collection<? extends T> items,
      BulkProgress progress)
      throws InterruptedException {
    return mapAll(ChunkLayout.APPLY, function, items, progress);
  }

  @Override
  public <T, U, R extends @Nullable Object> List<R> starmap(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs)
      throws InterruptedException {
    return mapAll(ChunkLayout.APPLY_PAIR, function, pairs);
  }

  @Override
  public <T, U, R extends @Nullable Object> List<R> starmap(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs,
      BulkProgress progress)
      throws InterruptedException {
    return mapAll(ChunkLayout.APPLY_PAIR, function, pairs, progress);
  }

  /** Applies a function to each item, and waits for all. */
  <R extends @Nullable Object> List<R> mapAll(
      int operation, Serializable function, Collection<?> items) throws InterruptedException {
    return mapAll(operation, function, items, NOBODY);
  }

  private <R extends @Nullable Object> List<R> mapAll(
      int operation, Serializable function, Collection<?> items, BulkProgress progress)
      throws InterruptedException {
    List<?> snapshot = Arrays.asList(items.toArray());
    int size = snapshot.size();
    Call call = call(operation, function, false);
    Window window = new Window(tasks().describe("map"), size);
    Feed feed = call.feed(window, window::submit, snapshot.iterator(), size);
    try {
      return new MapCall<R>(feed, window, workers(), size, progress).run();
    } finally {
      end(call, window);
    }
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object>
      CompletableFuture<List<R>> mapAsync(
          SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items) {
    return submitAll(ChunkLayout.APPLY, function, items);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object>
      CompletableFuture<List<R>> mapAsync(
          SerializableFunction<? super T, ? extends R> function,
          Collection<? extends T> items,
          BulkProgress progress) {
    return submitAll(ChunkLayout.APPLY, function, items, progress);
  }

  @Override
  public <T, U, R extends @Nullable Object> CompletableFuture<List<R>> starmapAsync(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs) {
    return submitAll(ChunkLayout.APPLY_PAIR, function, pairs);
  }

  @Override
  public <T, U, R extends @Nullable Object> CompletableFuture<List<R>> starmapAsync(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs,
      BulkProgress progress) {
    return submitAll(ChunkLayout.APPLY_PAIR, function, pairs, progress);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
      SerializableFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    return imap(function, items, NOBODY);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
      SerializableFunction<? super T, ? extends R> function,
      Iterable<? extends T> items,
      BulkProgress progress) {
    Window window = new Window(tasks().describe("imap"), tasks().window(workers()));
    return collect(function, items, window, progress);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
      SerializableFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    return imapUnordered(function, items, NOBODY);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
      SerializableFunction<? super T, ? extends R> function,
      Iterable<? extends T> items,
      BulkProgress progress) {
    return collect(function, items, new Arrivals(tasks().describe("imapUnordered")), progress);
  }

  private <R extends @Nullable Object> Results<R> collect(
      Serializable function, Iterable<?> items, Collector collector, BulkProgress progress) {
    Call call = call(ChunkLayout.APPLY, function, true);
    Feed feed = call.feed(collector, collector::submit, items.iterator(), -1);
    int total = items instanceof Collection<?> all ? all.size() : -1;
    boolean begun = false;
    try {
      progress.update(0, total);
      begun = true;
    } finally {
      if (!begun) {
        end(call, collector);
      }
    }
    return new CollectedResults<>(
        feed,
        collector,
        tasks().window(workers()),
        done -> progress.update(done, total),
        () -> end(call, collector));
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> mapping(
      SerializableFunction<? super T, ? extends R> function) {
    return Gatherer.<T, MappedStream<T, R>, R>ofSequential(
        () -> mapped(function),
        Gatherer.Integrator.of(MappedStream::integrate),
        MappedStream::finish);
  }

  private <T extends @Nullable Object, R extends @Nullable Object> MappedStream<T, R> mapped(
      Serializable function) {
    Call call = call(ChunkLayout.APPLY, function, true);
    int ahead = tasks().window(workers());
    Window window = new Window(tasks().describe("mapping"), ahead);
    return new MappedStream<>(
        window,
        (collector, elements) -> call.feed(collector, collector::submit, elements, -1),
        ahead,
        () -> end(call, window));
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(SerializableCallable<T> task) {
    return submitCode(task);
  }

  @Override
  public CompletableFuture<@Nullable Void> submit(SerializableRunnable task) {
    return submitCode(task);
  }

  // what an ExecutorService has besides

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> task) {
    check(task);
    return submitCode(task);
  }

  @Override
  public CompletableFuture<?> submit(Runnable task) {
    check(task);
    return submitCode(task);
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(Runnable task, T result) {
    return submit(task).thenApply(_ -> result);
  }

  @Override
  public void execute(Runnable task) {
    CompletableFuture<?> _ = submit(task);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return new Invocation<T>(this, tasks).all(Long.MAX_VALUE);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return new Invocation<T>(this, tasks).all(unit.toNanos(timeout));
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return new Invocation<T>(this, tasks).any(Long.MAX_VALUE);
    } catch (TimeoutException e) {
      throw new IllegalStateException("three centuries have passed", e);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return new Invocation<T>(this, tasks).any(unit.toNanos(timeout));
  }

  @Override
  public void resize(int workers) {
    resize(workers, workers);
  }

  @Override
  public List<Runnable> shutdownNow() {
    terminate();
    return new ArrayList<>(); // tasks are bytes by now; their futures say that they were cancelled
  }
}
