package dev.procession.internal.pool;

import dev.procession.function.SerializableRunnable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a pool is to be like, whatever its workers are.
 *
 * @param initializer what each worker runs before anything else, or null
 * @param mostTasks items that a worker may run before it is replaced
 * @param mostQueued items that may wait for workers before submitting waits
 * @param queueTimeout how long submitting waits then
 * @param tasks what tasks are to be like that are not told otherwise
 * @param mostResident bytes of memory that a worker may have after a task before it is replaced
 */
public record PoolSpec(
    String name,
    int workers,
    @Nullable SerializableRunnable initializer,
    int mostTasks,
    int mostQueued,
    Duration queueTimeout,
    TaskSpec tasks,
    long mostResident) {
  /** So many are no bound. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  /** The defaults. */
  public static PoolSpec defaults() {
    return new PoolSpec(
        "pool",
        Runtime.getRuntime().availableProcessors(),
        null,
        UNBOUNDED,
        UNBOUNDED,
        FOR_EVER,
        TaskSpec.defaults(),
        Long.MAX_VALUE);
  }

  /** A copy with a name. */
  public PoolSpec withName(String newName) {
    return new PoolSpec(
        newName, workers, initializer, mostTasks, mostQueued, queueTimeout, tasks, mostResident);
  }

  /** A copy with a number of workers. */
  public PoolSpec withWorkers(int newWorkers) {
    requirePositive("workers", newWorkers);
    return new PoolSpec(
        name, newWorkers, initializer, mostTasks, mostQueued, queueTimeout, tasks, mostResident);
  }

  /** A copy with an initializer. */
  public PoolSpec withInitializer(SerializableRunnable newInitializer) {
    return new PoolSpec(
        name, workers, newInitializer, mostTasks, mostQueued, queueTimeout, tasks, mostResident);
  }

  /** A copy with a bound on what a worker runs. */
  public PoolSpec withMostTasks(int newMost) {
    requirePositive("tasks", newMost);
    return new PoolSpec(
        name, workers, initializer, newMost, mostQueued, queueTimeout, tasks, mostResident);
  }

  /** A copy with a bound on what waits. */
  public PoolSpec withMostQueued(int newMost, Duration newTimeout) {
    requirePositive("queued", newMost);
    return new PoolSpec(
        name, workers, initializer, mostTasks, newMost, newTimeout, tasks, mostResident);
  }

  /** A copy with what tasks are to be like. */
  public PoolSpec withTasks(TaskSpec newTasks) {
    return new PoolSpec(
        name, workers, initializer, mostTasks, mostQueued, queueTimeout, newTasks, mostResident);
  }

  /** A copy with a bound on the memory of a worker. */
  public PoolSpec withMostResident(long bytes) {
    return new PoolSpec(
        name, workers, initializer, mostTasks, mostQueued, queueTimeout, tasks, bytes);
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("must be at least 1: " + what + "=" + value);
    }
  }
}
