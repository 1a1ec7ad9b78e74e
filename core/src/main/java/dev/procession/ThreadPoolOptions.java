package dev.procession;

import dev.procession.internal.pool.PoolSpec;

/**
 * What a {@link Pool} of threads is to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Pool.threads(o -> o.withWorkers(4).withName("thumbnails"));
 * }
 */
public final class ThreadPoolOptions extends PoolOptions<ThreadPoolOptions> {
  private ThreadPoolOptions(PoolSpec spec) {
    super(spec);
  }

  /** The defaults, as each method says. */
  static ThreadPoolOptions defaults() {
    return new ThreadPoolOptions(PoolSpec.defaults());
  }

  @Override
  ThreadPoolOptions with(PoolSpec newSpec) {
    return new ThreadPoolOptions(newSpec);
  }
}
