package dev.procession;

import java.io.Serializable;
import java.time.Duration;

/**
 * The memory of a worker that is a process. A number is -1, and a time zero, where that is not
 * known, as it is for threads. Heap and time are looked at between tasks, not more often than some
 * times a second: they are not known during a worker's first task, and while a long one runs they
 * are as they were before it.
 *
 * @param resident in bytes, also outside of the heap; of one that has ended not known
 * @param peakResident the most that it had
 * @param heap used of its heap, in bytes, garbage included
 * @param gcTime how long its collectors have worked, in all; not known during the first tasks, or
 *     where its JVM has no {@code java.management}
 */
public record WorkerMemory(long resident, long peakResident, long heap, Duration gcTime)
    implements Serializable {
  /** What is known where nothing is. */
  private static final WorkerMemory UNKNOWN = new WorkerMemory(-1, -1, -1, Duration.ZERO);

  /**
   * Returns what is known where nothing is.
   *
   * @return that
   */
  public static WorkerMemory unknown() {
    return UNKNOWN;
  }
}
