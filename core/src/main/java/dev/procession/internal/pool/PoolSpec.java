package dev.procession.internal.pool;

import dev.procession.function.SerializableRunnable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a pool is to be like, whatever its workers are. A setter changes a copy that nobody else has
 * yet, so that an instance never changes once it is seen.
 */
public final class PoolSpec {
  /** So many are no bound. */
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private String name = "pool";
  private int workers = Runtime.getRuntime().availableProcessors();
  private @Nullable SerializableRunnable initializer;
  private int mostTasks = UNBOUNDED;
  private int mostQueued = UNBOUNDED;
  private Duration queueTimeout = Duration.ofNanos(Long.MAX_VALUE);
  private TaskSpec tasks = TaskSpec.defaults();
  private long mostResident = Long.MAX_VALUE;

  private PoolSpec() {}

  /** The defaults. */
  public static PoolSpec defaults() {
    return new PoolSpec();
  }

  private PoolSpec copy() {
    PoolSpec copy = new PoolSpec();
    copy.name = name;
    copy.workers = workers;
    copy.initializer = initializer;
    copy.mostTasks = mostTasks;
    copy.mostQueued = mostQueued;
    copy.queueTimeout = queueTimeout;
    copy.tasks = tasks;
    copy.mostResident = mostResident;
    return copy;
  }

  /** A copy with a name. */
  public PoolSpec withName(String newName) {
    PoolSpec copy = copy();
    copy.name = newName;
    return copy;
  }

  /** A copy with a number of workers. */
  public PoolSpec withWorkers(int newWorkers) {
    PoolSpec copy = copy();
    copy.workers = TaskSpec.positive("workers", newWorkers);
    return copy;
  }

  /** A copy with what each worker runs before anything else. */
  public PoolSpec withInitializer(SerializableRunnable newInitializer) {
    PoolSpec copy = copy();
    copy.initializer = newInitializer;
    return copy;
  }

  /** A copy with a bound on the items that a worker runs before it is replaced. */
  public PoolSpec withMostTasks(int newMost) {
    PoolSpec copy = copy();
    copy.mostTasks = TaskSpec.positive("tasks", newMost);
    return copy;
  }

  /** A copy with a bound on the items that wait, and how long submitting waits for room then. */
  public PoolSpec withMostQueued(int newMost, Duration newTimeout) {
    PoolSpec copy = copy();
    copy.mostQueued = TaskSpec.positive("queued", newMost);
    copy.queueTimeout = newTimeout;
    return copy;
  }

  /** A copy with what tasks are to be like that are not told otherwise. */
  public PoolSpec withTasks(TaskSpec newTasks) {
    PoolSpec copy = copy();
    copy.tasks = newTasks;
    return copy;
  }

  /** A copy with a bound on the memory that a worker may have before it is replaced, in bytes. */
  public PoolSpec withMostResident(long bytes) {
    PoolSpec copy = copy();
    copy.mostResident = bytes;
    return copy;
  }

  String name() {
    return name;
  }

  /** How many; also for tests of what is chosen by default. */
  public int workers() {
    return workers;
  }

  @Nullable SerializableRunnable initializer() {
    return initializer;
  }

  int mostTasks() {
    return mostTasks;
  }

  int mostQueued() {
    return mostQueued;
  }

  Duration queueTimeout() {
    return queueTimeout;
  }

  /** What tasks are to be like that are not told otherwise. */
  public TaskSpec tasks() {
    return tasks;
  }

  long mostResident() {
    return mostResident;
  }
}
