package dev.procession;

import dev.procession.internal.launch.HeapSize;
import dev.procession.internal.os.Os;
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
    return with(spec().withMostResident(HeapSize.bytes(memory)));
  }

  /**
   * Limits the resident memory that all workers may have together; by default there is no limit. A
   * worker that would not fit is not started until there is room, unless it is the only one: it is
   * taken to need its {@linkplain #withMaxHeap heap} and 64 MiB, or as much as the largest worker
   * has. Workers that are there are not ended because of it, see {@link #withMaxResidentMemory}.
   *
   * @param memory a number with the unit k, m, g or t, as {@code 8g}
   * @return a copy with that
   * @throws IllegalArgumentException if it is none
   */
  public ProcessPoolOptions withMemoryBudget(String memory) {
    return with(spec().withMemoryBudget(HeapSize.bytes(memory)));
  }

  /**
   * Sets how many processors each worker takes the machine to have; by default all that this
   * process may use. Its JVM chooses by that how many threads collect garbage and compile, and so
   * do common pools: with many workers that work all the time, one each is often enough.
   *
   * @param processors at least 1
   * @return a copy with that
   * @throws IllegalArgumentException if there are less
   */
  public ProcessPoolOptions withProcessorsPerWorker(int processors) {
    if (processors < 1) {
      throw new IllegalArgumentException("processors is not positive: processors=" + processors);
    }
    return withJvmOptions("-XX:ActiveProcessorCount=" + processors);
  }

  /** What it is to be like here and now. */
  PoolSpec specHere() {
    long heap = jvm.maxHeapBytes();
    PoolSpec known = heap < 0 ? spec() : spec().withHeap(heap);
    return known.withRoomIn(Os.current().availableMemory());
  }
}
