package dev.procession;

import dev.procession.internal.pool.TaskSpec;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What the tasks of a {@link Pool} are to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * try (var pool = Pool.processes(o -> o.withTasks(t -> t.withHardTimeout(Duration.ofSeconds(30))))) {
 *   pool.map(path -> parse(path), paths);
 *   pool.with(t -> t.withLabel("index")).submit(() -> index());
 * }
 * }
 *
 * <p>Times count from when a task, or an item of a map, has begun to run in its worker; waiting for
 * one does not count.
 */
public final class TaskOptions {
  private final TaskSpec spec;

  TaskOptions(TaskSpec spec) {
    this.spec = spec;
  }

  /**
   * Has a task interrupted that runs for longer; by default none is. What it makes of that is its
   * own matter, and so is its outcome. What it has submitted to this pool is cancelled at the same
   * time, and when it ends, what it has started ends, too: the processes that its worker has begun
   * since, and theirs (where the worker is a process).
   *
   * @param time positive
   * @return a copy with that
   * @throws IllegalArgumentException if it is not
   */
  public TaskOptions withSoftTimeout(Duration time) {
    return new TaskOptions(spec.withInterruptAfter(time));
  }

  /**
   * Has a task ended that runs for longer, whatever it does; by default none is. It fails with a
   * {@link TaskTimeoutException} that has the stack traces of its worker's threads. Its worker and
   * what that has started is killed, and replaced; no other task is affected. A worker that is a
   * thread cannot be killed: it is interrupted and given up.
   *
   * @param time positive
   * @return a copy with that
   * @throws IllegalArgumentException if it is not
   */
  public TaskOptions withHardTimeout(Duration time) {
    return new TaskOptions(spec.withKillAfter(time));
  }

  /**
   * Has a task ended that has not reported {@linkplain Task#progress progress} for longer; by
   * default none is. What happens then is as for the {@linkplain #withHardTimeout hard timeout}.
   *
   * @param time positive
   * @return a copy with that
   * @throws IllegalArgumentException if it is not
   */
  public TaskOptions withStallTimeout(Duration time) {
    return new TaskOptions(spec.withStallAfter(time));
  }

  /**
   * Sets how long a task may go on after {@code cancel(true)} has interrupted it; by default a
   * second. Then it is ended as by a {@linkplain #withHardTimeout hard timeout}. If it heeds the
   * interrupt, what it has begun ends with it, as {@link #withSoftTimeout} says.
   *
   * @param time not negative
   * @return a copy with that
   * @throws IllegalArgumentException if it is
   */
  public TaskOptions withCancelGrace(Duration time) {
    return new TaskOptions(spec.withGrace(time));
  }

  /**
   * Has a task run again that has failed; by default none is, as it may have done its work, or a
   * part of it, before. It is run by whichever worker is next, behind what waits; only the last
   * failure is seen.
   *
   * @param attempts how often it is run at most, at least 1
   * @param failures those after which it is run again: what the task has thrown, a {@link
   *     WorkerDiedException}, a {@link TaskTimeoutException}. Called in this process, in threads of
   *     its own; if it throws, the task is not run again. Not asked of one that three workers have
   *     died with before any of them began it
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public TaskOptions withRetry(int attempts, Predicate<? super Throwable> failures) {
    return new TaskOptions(spec.withRetry(attempts, failures));
  }

  /**
   * Sets what is done about a task that has run out of memory; by default it fails. Comes before
   * {@link #withRetry}.
   *
   * @param policy of the tasks
   * @return a copy with that
   */
  public TaskOptions withOutOfMemory(OutOfMemoryPolicy policy) {
    return new TaskOptions(spec.withOutOfMemory(policy));
  }

  /**
   * Sets how urgent the tasks are; by default 0. Of tasks that wait for a worker, those of a higher
   * priority go first, for as long as there are any; among equals, those submitted first. What a
   * worker has already it keeps.
   *
   * @param priority any number
   * @return a copy with that
   */
  public TaskOptions withPriority(int priority) {
    return new TaskOptions(spec.withPriority(priority));
  }

  /**
   * Sets how many items of a map go to a worker together; by default that follows what they cost. A
   * worker that has nothing to do takes over what another has not begun all the same.
   *
   * @param items at least 1
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public TaskOptions withChunkSize(int items) {
    return new TaskOptions(spec.withChunkSize(items));
  }

  /**
   * Sets how many items of an {@link Pool#imap} and its kin are read ahead of the results that are
   * taken; by default 64 for each worker.
   *
   * @param items at least 1
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public TaskOptions withWindow(int items) {
    return new TaskOptions(spec.withWindow(items));
  }

  /**
   * Sets what the tasks are called in messages; by default the name of their class.
   *
   * @param label for people
   * @return a copy with that
   */
  public TaskOptions withLabel(String label) {
    return new TaskOptions(spec.withLabel(label));
  }

  TaskSpec spec() {
    return spec;
  }
}
