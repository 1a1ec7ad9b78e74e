package dev.procession;

import dev.procession.function.SerializableBiFunction;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.pool.CompletedFutures;
import dev.procession.internal.pool.FutureWait;
import dev.procession.internal.pool.TaskPool;
import dev.procession.internal.pool.WorkerPool;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * Workers that share the work they are given: an {@link ExecutorService} whose tasks run in JVMs of
 * their own, or in threads of this one.
 *
 * {@snippet :
 * try (var pool = Pool.processes(4)) {
 *   List<Integer> squares = pool.map(n -> n * n, List.of(1, 2, 3, 4, 5));
 *   CompletableFuture<Integer> later = pool.submit(() -> slow(10));
 * }
 * }
 *
 * <p><b>Ownership.</b> {@link #close} waits for all that was submitted, then ends the workers.
 * {@link #terminate} ends them now; what has not finished fails with a {@link
 * java.util.concurrent.CancellationException}. Workers end within a second when this process does,
 * however it does. A pool that is forgotten, and was not closed, is closed when it is collected:
 * what was submitted runs first. A listener that refers to it keeps it.
 *
 * <p><b>Threads.</b> All methods are for any thread.
 *
 * <p><b>Tasks that submit tasks.</b> A task may submit others to its own pool, and wait for them:
 * while some of them are not done, another worker may take the place of its own, beyond the number
 * of workers and, if all others wait, the memory budget. They go before what was submitted from
 * outside, the deepest first, are not counted against {@link PoolOptions#withMaxQueued}, and are
 * taken also after {@link #shutdown}. When the task is ended, as it was cancelled, ran for too
 * long, or lost its worker, they are cancelled. They may be nested as deep as processes that start
 * processes, ten levels; in threads and interpreters, a hundred. A task may also have a pool of its
 * own.
 *
 * <p>Which task submits is known by its thread; in processes, by its process. So a task of a pool
 * of threads or interpreters should not wait for what callbacks or other threads submit for it; and
 * no task for one of another pool, or a child process, that waits for this pool.
 *
 * <p><b>Other processes.</b> A pool travels, by capture, message or manager, as the same pool: its
 * methods are called in the process that has opened it, and it ends with that one; then calls fail
 * with a {@link dev.procession.manager.ManagerException}. There, futures tell what the pool
 * refuses, rather than the call; items of {@link #imap}, and of a {@link #map} with progress, are
 * called one by one.
 *
 * <p><b>What travels.</b> Functions, arguments and results are copied, see {@link dev.procession}.
 * What a call is given it has read when it returns, but for the input of {@link #imap}. A function
 * given to {@link #map} and its kin is sent to each worker once, so state that it changes in itself
 * is that of one worker.
 *
 * <p><b>Failure.</b> Every task ends: with a value; with what it threw, as itself with the stack
 * trace from there, or as {@link RemoteException}; or with a {@link WorkerDiedException} when its
 * worker ended while it ran. That costs this one task: it runs at most once, others run elsewhere,
 * and the worker is replaced. Only when workers cannot be started any more, or the initializer
 * fails, the pool gives up, and what is left fails with a {@link PoolBrokenException}.
 *
 * <p><b>Pools of interpreters</b> are the same but for this: their workers are threads of this
 * process, each with classes and statics of its own, see {@link dev.procession.interpreter}. They
 * start in milliseconds, and what travels crosses without serialization if it is the same for all,
 * as strings and numbers, memory, arrays as copies. A task that crashes this JVM, exits, or uses up
 * its memory does so for all; a native library can be loaded by one worker only; and as with
 * threads, what heeds no interrupt cannot be ended.
 *
 * <p><b>Pools of threads</b> are the same but for this: nothing is copied, so a task sees what
 * others change, and need not be {@link java.io.Serializable}; what a task throws comes as itself;
 * a task that crashes this JVM, or exits, does so for all; and a thread cannot be killed: {@link
 * #terminate} interrupts what runs and fails its future at once, but what heeds no interrupt goes
 * on until it ends by itself. The threads are daemons.
 *
 * <p><b>Interrupts.</b> Methods that wait can be interrupted; what they have submitted goes on.
 */
public sealed interface Pool extends ExecutorService permits TaskPool {
  /**
   * Opens a pool of processes.
   *
   * @param workers how many, at least 1
   * @return the pool; at least one worker is ready
   * @throws ProcessStartException if workers cannot be started, or the thread is interrupted
   *     meanwhile (the interrupt is restored); nothing is left of them
   */
  static Pool processes(int workers) {
    return processes(options -> options.withWorkers(workers));
  }

  /**
   * Opens a pool of processes.
   *
   * @param options makes the options from the default ones
   * @return the pool; at least one worker is ready
   * @throws ProcessStartException if workers cannot be started, or the thread is interrupted
   *     meanwhile (the interrupt is restored); nothing is left of them
   * @throws PoolBrokenException if the initializer fails; likewise
   */
  static Pool processes(UnaryOperator<ProcessPoolOptions> options) {
    ProcessPoolOptions chosen = options.apply(ProcessPoolOptions.defaults());
    JvmSettings jvm = chosen.jvm();
    return WorkerPool.ofProcesses(
        chosen.specHere(), jvm.toSpec(), jvm.startMode() == StartMode.STANDBY);
  }

  /**
   * Opens a pool of interpreters: threads of this process, each of which has the classes of the
   * application, with their statics, for itself. What differs is said at {@link Pool}.
   *
   * @param workers how many, at least 1
   * @return the pool
   */
  static Pool interpreters(int workers) {
    return interpreters(options -> options.withWorkers(workers));
  }

  /**
   * Opens a pool of interpreters.
   *
   * @param options makes the options from the default ones
   * @return the pool; at least one worker is ready
   * @throws PoolBrokenException if the initializer fails
   */
  static Pool interpreters(UnaryOperator<InterpreterPoolOptions> options) {
    InterpreterPoolOptions chosen = options.apply(InterpreterPoolOptions.defaults());
    return WorkerPool.ofInterpreters(chosen.spec(), chosen.world());
  }

  /**
   * Opens a pool of threads of this process: where there is nothing to protect from, and nothing
   * shall travel. What differs is said at {@link Pool}.
   *
   * @param workers how many, at least 1
   * @return the pool
   */
  static Pool threads(int workers) {
    return threads(options -> options.withWorkers(workers));
  }

  /**
   * Opens a pool of threads of this process.
   *
   * @param options makes the options from the default ones
   * @return the pool; at least one worker is ready
   * @throws PoolBrokenException if the initializer fails
   */
  static Pool threads(UnaryOperator<ThreadPoolOptions> options) {
    ThreadPoolOptions chosen = options.apply(ThreadPoolOptions.defaults());
    return WorkerPool.ofThreads(chosen.spec());
  }

  /**
   * Returns this pool with other options for the tasks that are given to it there: the same
   * workers, and the same life. Closing it closes this.
   *
   * @param options makes the options from those that tasks have here
   * @return a view of this pool
   */
  default Pool with(UnaryOperator<TaskOptions> options) {
    TaskPool pool = (TaskPool) this; // no others are permitted
    return pool.with(options.apply(new TaskOptions(pool.tasks())).spec());
  }

  /**
   * Applies a function to each item, in the workers, and waits for all.
   *
   * <p>Items are handed out in chunks whose size follows what they cost; a worker that has nothing
   * to do takes over items that another has not begun. If items fail, the others run all the same.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @return the results, in the order of the items
   * @throws InterruptedException if interrupted while it waits; the rest is dropped
   * @throws RuntimeException what the first item (by position) that failed has thrown; what others
   *     have thrown is suppressed in it. Checked exceptions come as cause of a {@link
   *     TaskFailedException}
   */
  <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items)
      throws InterruptedException;

  /**
   * Applies a function to each item, as {@link #map(SerializableFunction, Collection)} does, and
   * says how far it is.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @param progress hears of it, from 0 to all of them
   * @return the results, in the order of the items
   * @throws InterruptedException if interrupted while it waits; the rest is dropped
   */
  <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super T, ? extends R> function,
      Collection<? extends T> items,
      BulkProgress progress)
      throws InterruptedException;

  /**
   * Applies a function of two arguments to each pair, as {@link #map} does.
   *
   * @param <T> type of the first arguments
   * @param <U> type of the second arguments
   * @param <R> type of the results
   * @param function what is applied
   * @param pairs the pairs of arguments
   * @return the results, in the order of the pairs
   * @throws InterruptedException if interrupted while it waits; the rest is dropped
   */
  <T, U, R extends @Nullable Object> List<R> starmap(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs)
      throws InterruptedException;

  /**
   * Applies a function of two arguments to each pair, as {@link #map} does, and says how far it is.
   *
   * @param <T> type of the first arguments
   * @param <U> type of the second arguments
   * @param <R> type of the results
   * @param function what is applied
   * @param pairs the pairs of arguments
   * @param progress hears of it, from 0 to all of them
   * @return the results, in the order of the pairs
   * @throws InterruptedException if interrupted while it waits; the rest is dropped
   */
  <T, U, R extends @Nullable Object> List<R> starmap(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs,
      BulkProgress progress)
      throws InterruptedException;

  /**
   * Applies a function to each item, as {@link #map} does, and does not wait.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items; all are read, and those that travel are copied, when this returns
   * @return completed with the results in the order of the items, or with what the first item (by
   *     position) that failed has thrown; callbacks run in threads of their own. Cancelling it
   *     keeps what has not begun from running
   * @throws TaskNotSerializableException if an item cannot travel; nothing runs that has not begun
   * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
   */
  <T extends @Nullable Object, R extends @Nullable Object> CompletableFuture<List<R>> mapAsync(
      SerializableFunction<? super T, ? extends R> function, Collection<? extends T> items);

  /**
   * Applies a function to each item, as {@link #mapAsync(SerializableFunction, Collection)} does,
   * and says how far it is.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @param progress hears of it in threads of its own, from 0 to all of them, which it hears of
   *     before the future is done. What it throws fails the future
   * @return as for {@link #mapAsync(SerializableFunction, Collection)}
   */
  <T extends @Nullable Object, R extends @Nullable Object> CompletableFuture<List<R>> mapAsync(
      SerializableFunction<? super T, ? extends R> function,
      Collection<? extends T> items,
      BulkProgress progress);

  /**
   * Applies a function of two arguments to each pair, as {@link #mapAsync} does.
   *
   * @param <T> type of the first arguments
   * @param <U> type of the second arguments
   * @param <R> type of the results
   * @param function what is applied
   * @param pairs the pairs of arguments
   * @return as for {@link #mapAsync}
   */
  <T, U, R extends @Nullable Object> CompletableFuture<List<R>> starmapAsync(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs);

  /**
   * Applies a function of two arguments to each pair, as {@link #starmapAsync(
   * SerializableBiFunction, Collection)} does, and says how far it is.
   *
   * @param <T> type of the first arguments
   * @param <U> type of the second arguments
   * @param <R> type of the results
   * @param function what is applied
   * @param pairs the pairs of arguments
   * @param progress as for {@link #mapAsync(SerializableFunction, Collection, BulkProgress)}
   * @return as for {@link #mapAsync(SerializableFunction, Collection)}
   */
  <T, U, R extends @Nullable Object> CompletableFuture<List<R>> starmapAsync(
      SerializableBiFunction<? super T, ? super U, ? extends R> function,
      Collection<? extends Map.Entry<? extends T, ? extends U>> pairs,
      BulkProgress progress);

  /**
   * Applies a function to each item of an input that may have no end. A bounded number of items is
   * read ahead, by the thread that takes results.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @return the results, in the order of the items; to be closed
   */
  <T extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
      SerializableFunction<? super T, ? extends R> function, Iterable<? extends T> items);

  /**
   * Applies a function to each item of an input, as {@link #imap(SerializableFunction, Iterable)}
   * does, and says how far that is.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @param progress hears of each result, or failure, that is taken, in the thread that takes it;
   *     of all of them if the input is a {@link Collection}, otherwise of -1
   * @return the results, in the order of the items; to be closed
   */
  <T extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
      SerializableFunction<? super T, ? extends R> function,
      Iterable<? extends T> items,
      BulkProgress progress);

  /**
   * Applies a function to each item of an input, as {@link #imap} does; results come as they are
   * there.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @return the results, in the order in which they come; to be closed
   */
  <T extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
      SerializableFunction<? super T, ? extends R> function, Iterable<? extends T> items);

  /**
   * Applies a function to each item of an input, as {@link #imapUnordered(SerializableFunction,
   * Iterable)} does, and says how far that is.
   *
   * @param <T> type of the items
   * @param <R> type of the results
   * @param function what is applied
   * @param items the items
   * @param progress as for {@link #imap(SerializableFunction, Iterable, BulkProgress)}
   * @return the results, in the order in which they come; to be closed
   */
  <T extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
      SerializableFunction<? super T, ? extends R> function,
      Iterable<? extends T> items,
      BulkProgress progress);

  /**
   * A step of a stream that applies a function to each element in the workers, as {@link #imap}
   * does: {@code stream.gather(pool.mapping(fn))}. Elements are read ahead while results are
   * awaited, so the stream may have no end. If an element fails, the stream does. For sequential
   * streams; in a parallel one it is a sequential step.
   *
   * @param <T> type of the elements
   * @param <R> type of the results
   * @param function what is applied
   * @return the step; gives results in the order of the elements
   */
  <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> mapping(
      SerializableFunction<? super T, ? extends R> function);

  /**
   * Submits a task.
   *
   * @param <T> type of its result
   * @param task the code
   * @return completed with what the code returns or throws. Cancelling completes it at once; a task
   *     that has not begun then never will. {@code cancel(true)} besides interrupts one that runs,
   *     and ends its worker if it goes on for longer than {@link TaskOptions#withCancelGrace}.
   *     Callbacks run in threads of their own; or, where several threads wait for the future, or
   *     one begins to just then, in one that waits, as with any {@link CompletableFuture}.
   * @throws TaskNotSerializableException if the code captures something that cannot travel
   * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
   */
  <T extends @Nullable Object> CompletableFuture<T> submit(SerializableCallable<T> task);

  /**
   * Submits a task without a result.
   *
   * @param task the code
   * @return as for {@link #submit(SerializableCallable)}
   * @throws TaskNotSerializableException if the code captures something that cannot travel
   * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
   */
  CompletableFuture<@Nullable Void> submit(SerializableRunnable task);

  /** {@inheritDoc} The task has to be {@link java.io.Serializable}. */
  @Override
  <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> task);

  /** {@inheritDoc} The task has to be {@link java.io.Serializable}. */
  @Override
  CompletableFuture<?> submit(Runnable task);

  /** {@inheritDoc} The task has to be {@link java.io.Serializable}. */
  @Override
  <T extends @Nullable Object> CompletableFuture<T> submit(Runnable task, T result);

  /**
   * Walks futures as they are completed: those that are done first, then in the order in which they
   * become so; a future that is there twice comes once. Taking one does not look at how it ended.
   *
   * @param <T> type of their values
   * @param futures of this pool, or any
   * @return each future when it is done; closing it cancels nothing
   */
  static <T extends @Nullable Object> Results<CompletableFuture<T>> asCompleted(
      Collection<CompletableFuture<T>> futures) {
    return new CompletedFutures<>(futures);
  }

  /**
   * Waits for some of several futures, whoever has made them.
   *
   * @param <T> type of their results
   * @param futures each counts once
   * @param when what to wait for
   * @param timeout zero or less does not wait; when it is over, that is no error
   * @return which are done and which are not
   * @throws InterruptedException if interrupted while waiting
   */
  static <T extends @Nullable Object> Awaited<T> await(
      Collection<? extends CompletableFuture<T>> futures, ReturnWhen when, Duration timeout)
      throws InterruptedException {
    return new FutureWait<>(futures, when).await(TimeUnit.NANOSECONDS.convert(timeout));
  }

  /**
   * Changes how many workers there are; returns at once. Workers that are missing start; those that
   * are too many end when they have done what they have begun, those without work first.
   *
   * @param workers how many, at least 1
   * @throws IllegalArgumentException if there are less
   */
  void resize(int workers);

  /**
   * Changes how many workers there are at least and at most, as {@link PoolOptions#withWorkers(int,
   * int)} has it.
   *
   * @param least at least 0
   * @param most at least 1, and not below the least
   * @throws IllegalArgumentException otherwise
   */
  void resize(int least, int most);

  /**
   * Returns what it has done and does. Nobody is asked for that: the numbers lie in memory.
   *
   * @return a snapshot
   */
  PoolStats stats();

  /**
   * Ends the workers now, and where they are processes, what they have started. All that has not
   * finished fails with a {@link java.util.concurrent.CancellationException}, before this returns.
   * Idempotent.
   */
  void terminate();

  /**
   * Takes no more work, waits for what it has, and ends the workers. If interrupted, {@linkplain
   * #terminate terminates} and restores the interrupt. Idempotent.
   */
  @Override
  void close();
}
