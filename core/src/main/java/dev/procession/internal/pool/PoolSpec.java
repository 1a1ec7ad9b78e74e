package dev.procession.internal.pool;

import dev.procession.PoolListener;
import dev.procession.function.SerializableRunnable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a pool is to be like, whatever its workers are. A setter changes a copy that nobody else has
 * yet, so that an instance never changes once it is seen.
 */
public final class PoolSpec {
  /** What a worker takes of which nothing is known. */
  private static final long TYPICAL_MEMORY = 256L << 20;

  /** Each task that waits for one that it has submitted takes a thread. */
  private static final int MOST_DEPTH = 100;

  /** So many are no bound. */
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private String name = "pool";
  private int workers = BY_DEFAULT;
  private int leastWorkers = BY_DEFAULT;
  private Duration idleTimeout = Duration.ofMinutes(1);
  private MemoryBudget memoryBudget = MemoryBudget.UNLIMITED;
  private @Nullable SerializableRunnable initializer;
  private Duration initializerTimeout = Duration.ofMinutes(10);
  private @Nullable SerializableRunnable exitHook;
  private @Nullable PoolListener listener;
  private int mostTasks = UNBOUNDED;
  private int mostQueued = UNBOUNDED;
  private Duration queueTimeout = Duration.ofNanos(Long.MAX_VALUE);
  private TaskSpec tasks = TaskSpec.defaults();
  private long mostResident = Long.MAX_VALUE;
  private int mostDepth = MOST_DEPTH;

  /** Of a number of workers: as many as there are processors, or memory would do for. */
  private static final int BY_DEFAULT = -1;

  private PoolSpec() {}

  /** The defaults. */
  public static PoolSpec defaults() {
    return new PoolSpec();
  }

  private PoolSpec copy() {
    PoolSpec copy = new PoolSpec();
    copy.name = name;
    copy.workers = workers;
    copy.leastWorkers = leastWorkers;
    copy.idleTimeout = idleTimeout;
    copy.memoryBudget = memoryBudget;
    copy.initializer = initializer;
    copy.initializerTimeout = initializerTimeout;
    copy.exitHook = exitHook;
    copy.listener = listener;
    copy.mostTasks = mostTasks;
    copy.mostQueued = mostQueued;
    copy.queueTimeout = queueTimeout;
    copy.tasks = tasks;
    copy.mostResident = mostResident;
    copy.mostDepth = mostDepth;
    return copy;
  }

  /** A copy with a name. */
  public PoolSpec withName(String newName) {
    PoolSpec copy = copy();
    copy.name = newName;
    return copy;
  }

  /** A copy with the least and the most workers. */
  public PoolSpec withWorkers(int newLeast, int newMost) {
    checkWorkers(newLeast, newMost);
    PoolSpec copy = copy();
    copy.leastWorkers = newLeast;
    copy.workers = newMost;
    return copy;
  }

  /** Refuses numbers of workers that no pool can have. */
  static void checkWorkers(int least, int most) {
    if (most < 1 || least < 0 || least > most) {
      throw new IllegalArgumentException(
          "number of workers is out of range: least=" + least + ", most=" + most);
    }
  }

  /** A copy with how long workers may have nothing to do, if there need not be so many. */
  public PoolSpec withIdleTimeout(Duration newTimeout) {
    if (newTimeout.isNegative()) {
      throw new IllegalArgumentException("timeout is negative: idleTimeout=" + newTimeout);
    }
    PoolSpec copy = copy();
    copy.idleTimeout = newTimeout;
    return copy;
  }

  /**
   * A copy with a bound on the memory of all workers.
   *
   * @param bytes of all
   */
  public PoolSpec withMemoryBudget(long bytes) {
    PoolSpec copy = copy();
    copy.memoryBudget = new MemoryBudget(bytes, memoryBudget.expected());
    return copy;
  }

  /**
   * A copy that knows what each worker may take.
   *
   * @param heap the most that its heap may have, in bytes
   */
  public PoolSpec withHeap(long heap) {
    PoolSpec copy = copy();
    copy.memoryBudget =
        new MemoryBudget(memoryBudget.bytes(), Math.addExact(heap, MemoryBudget.OVERHEAD));
    return copy;
  }

  /** A copy with what each worker runs before anything else. */
  public PoolSpec withInitializer(SerializableRunnable newInitializer) {
    PoolSpec copy = copy();
    copy.initializer = newInitializer;
    return copy;
  }

  /** A copy with how long the initializer may take. */
  public PoolSpec withInitializerTimeout(Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout is not positive: initializerTimeout=" + timeout);
    }
    PoolSpec copy = copy();
    copy.initializerTimeout = timeout;
    return copy;
  }

  /** A copy with what each worker runs when it ends. */
  public PoolSpec withExitHook(SerializableRunnable newHook) {
    PoolSpec copy = copy();
    copy.exitHook = newHook;
    return copy;
  }

  /** A copy with somebody who hears what happens. */
  public PoolSpec withListener(PoolListener newListener) {
    PoolSpec copy = copy();
    copy.listener = newListener;
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

  /**
   * A copy with not more workers than there is room for, unless their number is chosen.
   *
   * @param memory that there is, in bytes; -1 if that is not known
   */
  public PoolSpec withRoomIn(long memory) {
    if (workers != BY_DEFAULT || memory < 0) {
      return this;
    }
    long expected = memoryBudget.expected();
    long room = memory / (expected == 0 ? TYPICAL_MEMORY : expected);
    int most = Math.clamp(room, 1, workers());
    return withWorkers(most, most);
  }

  String name() {
    return name;
  }

  /** The most; also for tests of what is chosen by default. */
  public int workers() {
    return workers == BY_DEFAULT ? Runtime.getRuntime().availableProcessors() : workers;
  }

  int leastWorkers() {
    return leastWorkers == BY_DEFAULT ? workers() : leastWorkers;
  }

  long idleNanos() {
    return TimeUnit.NANOSECONDS.convert(idleTimeout);
  }

  MemoryBudget memoryBudget() {
    return memoryBudget;
  }

  @Nullable PoolListener listener() {
    return listener;
  }

  /** What a worker runs first, or null. */
  @Nullable Preparation preparation() {
    return initializer == null && exitHook == null ? null : new Preparation(initializer, exitHook);
  }

  Duration initializerTimeout() {
    return initializerTimeout;
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

  /** How deep tasks that submit tasks may be nested. */
  int mostDepth() {
    return mostDepth;
  }

  PoolSpec withMostDepth(int depth) {
    PoolSpec copy = copy();
    copy.mostDepth = depth;
    return copy;
  }
}
