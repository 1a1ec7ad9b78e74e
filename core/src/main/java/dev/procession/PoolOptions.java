package dev.procession;

/**
 * What a {@link Pool} is to be like, whatever its workers are. Immutable and thread-safe.
 *
 * @param <O> the options themselves
 */
public abstract sealed class PoolOptions<O extends PoolOptions<O>>
    permits ProcessPoolOptions, ThreadPoolOptions {
  private final PoolSettings settings;

  PoolOptions(PoolSettings settings) {
    this.settings = settings;
  }

  /** A copy of these options with other settings of the pool. */
  abstract O with(PoolSettings newSettings);

  /**
   * Names the pool; by default {@code pool}. Its workers are {@code name-N}.
   *
   * @param name the name
   * @return a copy with that
   */
  public O withName(String name) {
    return with(settings.withName(name));
  }

  /**
   * Sets the number of workers; by default the number of processors that this process may use,
   * which follows a container's limit.
   *
   * @param workers at least 1
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public O withWorkers(int workers) {
    return with(settings.withWorkers(workers));
  }

  PoolSettings settings() {
    return settings;
  }
}
