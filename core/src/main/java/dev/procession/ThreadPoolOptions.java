package dev.procession;

/**
 * What a {@link Pool} of threads is to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Pool.threads(o -> o.withWorkers(4).withName("thumbnails"));
 * }
 */
public final class ThreadPoolOptions extends PoolOptions<ThreadPoolOptions> {
  private ThreadPoolOptions(PoolSettings settings) {
    super(settings);
  }

  /** The defaults, as each method says. */
  static ThreadPoolOptions defaults() {
    return new ThreadPoolOptions(PoolSettings.defaults());
  }

  @Override
  ThreadPoolOptions with(PoolSettings newSettings) {
    return new ThreadPoolOptions(newSettings);
  }
}
