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

  /**
   * Limits the resident memory that a worker may have when it has done something; by default there
   * is no limit. One that has more ends, and another takes its place: for native code that leaks.
   * It is looked at now and then, and only where the system tells; a task is not ended because of
   * it.
   *
   * @param memory a number with the unit k, m, g or t, as {@code 512m}
   * @return a copy with that
   * @throws IllegalArgumentException if it is none
   */
  public ProcessPoolOptions withMaxResidentMemory(String memory) {
    return with(spec().withMostResident(JvmSettings.bytes(memory)));
  }
}
