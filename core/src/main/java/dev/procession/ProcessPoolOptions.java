package dev.procession;

import dev.procession.internal.pool.PoolSpec;

/**
 * What a {@link Pool} of processes and its workers are to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Pool.processes(o -> o.withWorkers(4).withMaxHeap("512m"));
 * }
 */
public final class ProcessPoolOptions extends PoolOptions<ProcessPoolOptions>
    implements JvmOptions<ProcessPoolOptions> {
  private final JvmSettings jvm;

  private ProcessPoolOptions(PoolSpec spec, JvmSettings jvm) {
    super(spec);
    this.jvm = jvm;
  }

  /** The defaults, as each method says. */
  static ProcessPoolOptions defaults() {
    return new ProcessPoolOptions(PoolSpec.defaults(), JvmSettings.defaults());
  }

  @Override
  ProcessPoolOptions with(PoolSpec newSpec) {
    return new ProcessPoolOptions(newSpec, jvm);
  }

  @Override
  public JvmSettings jvm() {
    return jvm;
  }

  @Override
  public ProcessPoolOptions withJvm(JvmSettings newJvm) {
    return new ProcessPoolOptions(spec(), newJvm);
  }
}
