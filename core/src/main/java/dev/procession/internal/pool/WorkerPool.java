package dev.procession.internal.pool;

import dev.procession.BulkProgress;
import dev.procession.Pool;
import dev.procession.PoolStats;
import dev.procession.ProcessStartException;
import dev.procession.Results;
import dev.procession.function.SerializableBiFunction;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.interpreter.WorldSpec;
import dev.procession.internal.launch.ChunkLayout;
import dev.procession.internal.launch.LaunchSpec;
import dev.procession.internal.launch.Nesting;
import dev.procession.internal.os.SharedCleaner;
import java.io.Serializable;
import java.lang.ref.Reference;
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

/** A pool, whatever its workers are. */
public final class WorkerPool implements Pool {
  /** Hears of no progress. */
  private static final BulkProgress NOBODY = (done, total) -> {};

  /** How long a worker may take to be gone that was killed. */
  private static final long KILL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long those may take who are told what has happened. */
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Submitted tasks have no function in common: each is its own. */
  private final Job calls;

  /** What each worker does first, if anything. */
  private final @Nullable Job first;

  private final WorkerKind kind;
  private final Scheduler scheduler;
  private final Job.Ended ended;

  /** What tasks that are given to this are to be like; other views have others. */
  private final TaskSpec tasks;

  /** All views of a pool have it; when it is collected, nobody can use the pool any more. */
  private final Object life;

  private WorkerPool(
      WorkerKind kind, TaskSpec tasks, @Nullable Job first, Scheduler scheduler, Object life) {
    this.kind = kind;
    this.tasks = tasks;
    this.ended = scheduler.observers()::ended;
    this.calls = new Job(ChunkLayout.CALL, null, true, tasks, ended);
    this.first = first;
    this.scheduler = scheduler;
    this.life = life;
  }

  /** Opens a pool of processes; returns when a worker is ready. */
  public static WorkerPool ofProcesses(PoolSpec spec, LaunchSpec launch, boolean standby) {
    return open(spec.withMostDepth(Nesting.most()), new ProcessWorkers(launch, standby));
  }

  /** Opens a pool of threads; returns when one is ready. */
  public static WorkerPool ofThreads(PoolSpec spec) {
    return open(spec, new ThreadWorkers());
  }

  /** Opens a pool of interpreters; returns when one is ready. */
  public static WorkerPool ofInterpreters(PoolSpec spec, WorldSpec world) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return open(spec, new InterpreterWorkers(world, loader));
  }

  private static WorkerPool open(PoolSpec spec, WorkerKind kind) {
    AtomicInteger count = new AtomicInteger();
    Preparation preparation = spec.preparation();
    Job first =
        preparation == null
            ? null
            : new Job(
                ChunkLayout.RUN,
                kind.packer().pack(preparation),
                true,
                TaskSpec.defaults(),
                (work, index, outcome) -> {});
    Scheduler scheduler =
        new Scheduler(
            spec,
            (events, maxHeap) -> {
              WorkerKind itsKind = maxHeap == null ? kind : kind.withMaxHeap(maxHeap);
              return itsKind.start(spec.name() + '-' + count.incrementAndGet(), events);
            },
            () -> first == null ? null : new Initialization(first, kind.packer().pack("")));
    WorkerPool pool = new WorkerPool(kind, spec.tasks(), first, scheduler, new Object());
    boolean opened = false;
    try {
      scheduler.recruit();
      scheduler.awaitFirst();
      opened = true;
      var _ = SharedCleaner.register(pool.life, scheduler::close);
      return pool;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessStartException("interrupted while a pool started: name=" + spec.name(), e);
    } finally {
      if (!opened) {
        pool.terminate();
      }
    }
  }

  /** What tasks that are given to this are to be like. */
  public TaskSpec tasks() {
    return tasks;
  }

  /** A view of the same pool for tasks of another sort. */
  public Pool with(TaskSpec newTasks) {
    return new WorkerPool(kind, newTasks, first, scheduler, life);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items)
      throws InterruptedException {
    return mapAll(ChunkLayout.APPLY, function, items, NOBODY);
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
    return mapAll(ChunkLayout.APPLY_PAIR, function, pairs, NOBODY);
  }

  private <R extends @Nullable Object> List<R> mapAll(
      int operation, Serializable function, Collection<?> items, BulkProgress progress)
      throws InterruptedException {
    List<?> snapshot = Arrays.asList(items.toArray());
    int size = snapshot.size();
    Job job = job(operation, function, false);
    Window window = new Window(tasks.describe("map"), size);
    Feed feed = feed(job, window, window::submit, snapshot.iterator(), size);
    try {
      return new MapCall<R>(feed, window, scheduler.workers(), size, progress).run();
    } finally {
      finish(job, window);
    }
  }

  private Job job(int operation, Serializable function, boolean prompt) {
    return new Job(operation, kind.packer().pack(function), prompt, tasks, ended);
  }

  private Feed feed(Job job, Work work, IntUnaryOperator numbers, Iterator<?> input, int size) {
    return new Feed(scheduler, kind.packer(), job, work, numbers, input, size, scheduler.workers());
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object>
      CompletableFuture<List<R>> mapAsync(
          SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items) {
    return submitAll(ChunkLayout.APPLY, function, items);
  }

  @Override
  public <T, U, R extends @Nullable Object> CompletableFuture<List<R>> starmapAsync(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs) {
    return submitAll(ChunkLayout.APPLY_PAIR, function, pairs);
  }

  private <R extends @Nullable Object> CompletableFuture<List<R>> submitAll(
      int operation, Serializable function, Collection<?> items) {
    List<?> snapshot = Arrays.asList(items.toArray());
    int size = snapshot.size();
    Job job = job(operation, function, false);
    BulkFuture<R> bulk = new BulkFuture<>(tasks.describe("map"), size, scheduler.completions());
    var _ = bulk.whenComplete((results, failure) -> end(job, bulk));
    AtomicInteger submitted = new AtomicInteger();
    Feed feed = feed(job, bulk, submitted::getAndAdd, snapshot.iterator(), size);
    boolean all = false;
    try {
      boolean more = true;
      while (more) {
        more = feed.submitPiece(Integer.MAX_VALUE) > 0;
      }
      all = true;
      return bulk;
    } finally {
      if (!all) {
        bulk.cancel(false);
      }
    }
  }

  private void end(Job job, BulkFuture<?> bulk) {
    bulk.drop();
    scheduler.withdraw(bulk, bulk.isStopped());
    scheduler.forget(job);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
      SerializableFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    return collect(
        function, items, new Window(tasks.describe("imap"), tasks.window(scheduler.workers())));
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
      SerializableFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    return collect(function, items, new Arrivals(tasks.describe("imapUnordered")));
  }

  private <R extends @Nullable Object> Results<R> collect(
      Serializable function, Iterable<?> items, Collector collector) {
    Job job = job(ChunkLayout.APPLY, function, true);
    Feed feed = feed(job, collector, collector::submit, items.iterator(), -1);
    return new CollectedResults<>(
        feed, collector, tasks.window(scheduler.workers()), () -> finish(job, collector));
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
    Job job = job(ChunkLayout.APPLY, function, true);
    int ahead = tasks.window(scheduler.workers());
    Window window = new Window(tasks.describe("mapping"), ahead);
    return new MappedStream<>(
        window,
        (collector, elements) -> feed(job, collector, collector::submit, elements, -1),
        ahead,
        () -> finish(job, window));
  }

  /** A call ends; what it has submitted and not taken, nobody wants. */
  private void finish(Job job, Collector window) {
    window.drop();
    if (window.untaken() > 0) {
      scheduler.withdraw(window, false);
    }
    scheduler.forget(job);
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(SerializableCallable<T> task) {
    return submitCode(task);
  }

  @Override
  public CompletableFuture<@Nullable Void> submit(SerializableRunnable task) {
    return submitCode(task);
  }

  private <T extends @Nullable Object> CompletableFuture<T> submitCode(Object code) {
    SingleTask<T> single = new SingleTask<>(tasks.describe(code.getClass().getName()), scheduler);
    Parcel parcel = kind.packer().pack(code);
    boolean submitted = false;
    try {
      scheduler.submit(Piece.of(single, calls, parcel, 0));
      submitted = true;
      return single.future();
    } finally {
      Reference.reachabilityFence(this); // it is not forgotten while somebody waits for room
      if (!submitted) {
        parcel.discard();
      }
    }
  }

  // what an ExecutorService has besides

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> task) {
    kind.check(task);
    return submitCode(task);
  }

  @Override
  public CompletableFuture<?> submit(Runnable task) {
    kind.check(task);
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
  public void resize(int least, int most) {
    PoolSpec.checkWorkers(least, most);
    scheduler.resize(least, most);
  }

  @Override
  public PoolStats stats() {
    return scheduler.stats();
  }

  @Override
  public void shutdown() {
    scheduler.close();
  }

  @Override
  public List<Runnable> shutdownNow() {
    terminate();
    return new ArrayList<>(); // tasks are bytes by now; their futures say that they were cancelled
  }

  @Override
  public boolean isShutdown() {
    return !scheduler.isOpen();
  }

  @Override
  public boolean isTerminated() {
    return scheduler.isClosed() && scheduler.completions().isQuiet();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long nanos = unit.toNanos(timeout);
    long start = System.nanoTime();
    if (!scheduler.awaitClosed(nanos)) {
      return false;
    }
    boolean done = scheduler.completions().await(nanos - (System.nanoTime() - start));
    if (!done && Thread.interrupted()) {
      throw new InterruptedException();
    }
    return done;
  }

  private void awaitTold() {
    boolean _ = scheduler.completions().await(TELL_NANOS);
    scheduler.observers().await(TELL_NANOS);
  }

  private void discardFirst() {
    if (first != null) {
      first.discard();
    }
  }

  @Override
  public void terminate() {
    scheduler.terminate();
    boolean interrupted = Thread.interrupted();
    try {
      boolean _ = scheduler.awaitClosed(KILL_NANOS);
      awaitTold();
    } catch (InterruptedException e) {
      interrupted = true; // they are killed, whether we see them go or not
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    discardFirst();
  }

  @Override
  public void close() {
    scheduler.close();
    try {
      scheduler.awaitFinishing();
      boolean _ = scheduler.awaitClosed(Scheduler.RETIRE_NANOS + KILL_NANOS);
      awaitTold();
      discardFirst();
    } catch (InterruptedException e) {
      terminate();
      Thread.currentThread().interrupt();
    }
  }
}
