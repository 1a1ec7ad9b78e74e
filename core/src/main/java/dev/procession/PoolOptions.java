package dev.procession;

/**
 * What a {@link Pool} and its workers are to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Pool.processes(o -> o.withWorkers(4).withMaxHeap("512m"));
 * }
 */
public final class PoolOptions extends JvmOptions<PoolOptions> {
  private final String name;
  private final int workers;

  private PoolOptions(String name, int workers, JvmSettings jvm) {
    super(jvm);
    this.name = name;
    this.workers = workers;
  }

  /** The defaults, as each method says. */
  static PoolOptions defaults() {
    return new PoolOptions(
        "pool", Runtime.getRuntime().availableProcessors(), JvmSettings.defaults());
  }

  @Override
  PoolOptions with(JvmSettings settings) {
    return new PoolOptions(name, workers, settings);
  }

  /**
   * Names the pool; by default {@code pool}. Its workers are {@code name-N}.
   *
   * @param newName the name
   * @return a copy with that
   */
  public PoolOptions withName(String newName) {
    return new PoolOptions(newName, workers, jvm());
  }

  /**
   * Sets the number of workers; by default the number of processors that this process may use,
   * which follows a container's limit.
   *
   * @param newWorkers at least 1
   * @return a copy with that
   */
  public PoolOptions withWorkers(int newWorkers) {
    if (newWorkers < 1) {
      throw new IllegalArgumentException("a pool has at least one worker: workers=" + newWorkers);
    }
    return new PoolOptions(name, newWorkers, jvm());
  }

  String name() {
    return name;
  }

  int workers() {
    return workers;
  }
}
