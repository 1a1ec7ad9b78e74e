package dev.procession;

import dev.procession.function.SerializableRunnable;
import dev.procession.internal.pool.PoolSpec;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * What a {@link Pool} is to be like, whatever its workers are. Immutable and thread-safe.
 *
 * @param <O> the options themselves
 */
public abstract sealed class PoolOptions<O extends PoolOptions<O>>
    permits ProcessPoolOptions, InterpreterPoolOptions, ThreadPoolOptions {
  private final PoolSpec spec;

  PoolOptions(PoolSpec spec) {
    this.spec = spec;
  }

  /** A copy of these options with another spec. */
  abstract O with(PoolSpec newSpec);

  /**
   * Names the pool; by default {@code pool}. Its workers are {@code name-N}.
   *
   * @param name the name
   * @return a copy with that
   */
  public O withName(String name) {
    return with(spec.withName(name));
  }

  /**
   * Sets the number of workers; by default the number of processors that this process may use,
   * which follows a container's limit, and less where the memory that is free would not do for so
   * many processes.
   *
   * @param workers at least 1
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public O withWorkers(int workers) {
    return with(spec.withWorkers(workers, workers));
  }

  /**
   * Sets how many workers there are at least and at most. The least are started when the pool
   * opens; with none, it opens at once, and that they cannot be started shows when there is work.
   * More start while there is work for them, and end when they have had none for the {@linkplain
   * #withIdleTimeout idle time}.
   *
   * @param least at least 0
   * @param most at least 1, and not below the least
   * @return a copy with that
   * @throws IllegalArgumentException otherwise
   */
  public O withWorkers(int least, int most) {
    return with(spec.withWorkers(least, most));
  }

  /**
   * Sets how long a worker may have nothing to do before it ends, if there are more than the least;
   * by default a minute.
   *
   * @param timeout not negative
   * @return a copy with that
   * @throws IllegalArgumentException if it is negative
   */
  public O withIdleTimeout(Duration timeout) {
    return with(spec.withIdleTimeout(timeout));
  }

  /**
   * Chooses what each worker runs before anything else; by default nothing. The pool is not open
   * before a first worker has done it. If it throws, the pool is broken at once: what was submitted
   * fails with a {@link PoolBrokenException} whose cause that is. If a worker ends in it, that
   * counts as a start that has failed.
   *
   * @param initializer the code; has to be able to travel where workers are processes
   * @return a copy with that
   */
  public O withInitializer(SerializableRunnable initializer) {
    return with(spec.withInitializer(initializer));
  }

  /**
   * Limits the time that the initializer may take in a worker; by default ten minutes. When it is
   * over, the pool is broken, with a {@link TaskTimeoutException} as cause that says what the
   * worker did.
   *
   * @param timeout positive
   * @return a copy with that
   * @throws IllegalArgumentException if it is not
   */
  public O withInitializerTimeout(Duration timeout) {
    return with(spec.withInitializerTimeout(timeout));
  }

  /**
   * Chooses what each worker runs when it ends because it is not needed any more; by default
   * nothing. It runs when no task does, after the worker's {@link WorkerLocal} values are closed,
   * and may take some seconds: a worker that has not ended by then is killed. One that is killed,
   * or dies, does not run it. What it throws is printed to standard error.
   *
   * @param hook the code; has to be able to travel where workers are processes
   * @return a copy with that
   */
  public O withExitHook(SerializableRunnable hook) {
    return with(spec.withExitHook(hook));
  }

  /**
   * Chooses who hears what happens: workers that start and end, tasks that end and are run again;
   * by default nobody. {@link Pool#close} and {@link Pool#terminate} return when it has heard all,
   * or after some seconds.
   *
   * @param listener in this process
   * @return a copy with that
   */
  public O withListener(PoolListener listener) {
    return with(spec.withListener(listener));
  }

  /**
   * Limits how many tasks, or items of a map, a worker runs; by default there is no limit. Then it
   * ends, and another takes its place: for code that leaks.
   *
   * @param tasks at least 1
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public O withMaxTasksPerWorker(int tasks) {
    return with(spec.withMostTasks(tasks));
  }

  /**
   * Limits how many tasks may wait for a worker; by default memory is the limit. Who submits one
   * more waits until there is room. Items of a map are submitted many at a time, and may exceed it
   * by so many.
   *
   * @param tasks at least 1
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public O withMaxQueued(int tasks) {
    return withMaxQueued(tasks, Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Limits how many tasks may wait for a worker; by default memory is the limit. Who submits one
   * more waits for room, for a time: when that is over it gets a {@link
   * java.util.concurrent.RejectedExecutionException}, and nothing is submitted.
   *
   * @param tasks at least 1
   * @param timeout zero or less does not wait
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public O withMaxQueued(int tasks, Duration timeout) {
    return with(spec.withMostQueued(tasks, timeout));
  }

  /**
   * Chooses what tasks are to be like that are not told otherwise, see {@link Pool#with}.
   *
   * @param tasks makes the options from those that they have
   * @return a copy with that
   */
  public O withTasks(UnaryOperator<TaskOptions> tasks) {
    return with(spec.withTasks(tasks.apply(new TaskOptions(spec.tasks())).spec()));
  }

  PoolSpec spec() {
    return spec;
  }
}
