package dev.procession;

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

  private ProcessPoolOptions(PoolSettings settings, JvmSettings jvm) {
    super(settings);
    this.jvm = jvm;
  }

  /** The defaults, as each method says. */
  static ProcessPoolOptions defaults() {
    return new ProcessPoolOptions(PoolSettings.defaults(), JvmSettings.defaults());
  }

  @Override
  ProcessPoolOptions with(PoolSettings newSettings) {
    return new ProcessPoolOptions(newSettings, jvm);
  }

  @Override
  public JvmSettings jvm() {
    return jvm;
  }

  @Override
  public ProcessPoolOptions withJvm(JvmSettings newJvm) {
    return new ProcessPoolOptions(settings(), newJvm);
  }
}
