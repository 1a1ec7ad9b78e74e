package dev.procession.internal.pool;

import dev.procession.PoolStats;
import dev.procession.ProcessStartException;
import dev.procession.internal.interpreter.WorldSpec;
import dev.procession.internal.launch.ChunkLayout;
import dev.procession.internal.launch.LaunchSpec;
import dev.procession.internal.launch.Nesting;
import dev.procession.internal.os.SharedCleaner;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** A pool that has workers, whatever they are. */
public final class WorkerPool extends TaskPool implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** How long a worker may take to be gone that was killed. */
  private static final long KILL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long those may take who are told what has happened. */
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Submitted tasks have no function in common: each is its own. */
  private final transient Job calls;

  /** What each worker does first, if anything. */
  private final transient @Nullable Job first;

  private final transient WorkerKind kind;
  private final transient Scheduler scheduler;
  private final transient Job.Ended ended;

  /** What tasks that are given to this are to be like; other views have others. */
  private final transient TaskSpec tasks;

  /** All views of a pool have it; when it is collected, nobody can use the pool any more. */
  private final transient Object life;

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

  @Override
  public TaskSpec tasks() {
    return tasks;
  }

  @Override
  public WorkerPool with(TaskSpec newTasks) {
    return new WorkerPool(kind, newTasks.arrived(tasks), first, scheduler, life);
  }

  /** {@return what travels: others call this pool, where it is} */
  @Serial
  private Object writeReplace() {
    return PoolTravel.get().depart(this);
  }

  // giving tasks

  /** A job, and where its items go. */
  private final class JobCall implements Call {
    private final Job job;

    JobCall(Job job) {
      this.job = job;
    }

    @Override
    public Feed feed(Work work, IntUnaryOperator numbers, Iterator<?> input, int size) {
      return WorkerPool.this.feed(job, work, numbers, input, size);
    }

    @Override
    public void end(Work work, boolean stop) {
      if (work.mostPieces() > 0) {
        scheduler.withdraw(work, stop);
      }
      scheduler.forget(job);
    }
  }

  @Override
  Call call(int operation, Serializable function, boolean prompt) {
    return new JobCall(job(operation, function, prompt));
  }

  @Override
  public int workers() {
    return scheduler.workers();
  }

  @Override
  void check(Object task) {
    kind.check(task);
  }

  private Job job(int operation, Serializable function, boolean prompt) {
    return new Job(operation, kind.packer().pack(function), prompt, tasks, ended);
  }

  private Feed feed(Job job, Work work, IntUnaryOperator numbers, Iterator<?> input, int size) {
    return new PieceFeed(
        scheduler, kind.packer(), job, work, numbers, input, size, scheduler.workers());
  }

  @Override
  void submitted() {
    // the scheduler has them
  }

  @Override
  Completions completions() {
    return scheduler.completions();
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submitCode(Object code) {
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
