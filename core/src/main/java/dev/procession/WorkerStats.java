package dev.procession;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker of a pool has done so far.
 *
 * @param name of the worker
 * @param pid of its process
 * @param alive whether it has not ended
 * @param tasks tasks or items that it has finished
 * @param busy how long it was running tasks
 * @param age how long it has been running, or ran
 * @param current what it runs, if anything
 * @param memory that it has
 */
public record WorkerStats(
    String name,
    long pid,
    boolean alive,
    long tasks,
    Duration busy,
    Duration age,
    Optional<RunningTask> current,
    WorkerMemory memory)
    implements Serializable {
  /**
   * As it travels; an Optional does not.
   *
   * @param name of the worker
   * @param pid of its process
   * @param alive whether it has not ended
   * @param tasks that it has finished
   * @param busy how long it was running tasks
   * @param age how long it has been running, or ran
   * @param current what it runs, or null
   * @param memory that it has
   */
  private record Form(
      String name,
      long pid,
      boolean alive,
      long tasks,
      Duration busy,
      Duration age,
      @Nullable RunningTask current,
      WorkerMemory memory)
      implements Serializable {
    @Serial
    private Object readResolve() {
      return new WorkerStats(
          name, pid, alive, tasks, busy, age, Optional.ofNullable(current), memory);
    }
  }

  /** {@return what travels} */
  @Serial
  private Object writeReplace() {
    return new Form(name, pid, alive, tasks, busy, age, current.orElse(null), memory);
  }

  /**
   * Returns the part of its time that it was busy.
   *
   * @return from 0 to 1
   */
  public double utilization() {
    return age.isZero() ? 0 : Math.min(1, (double) busy.toNanos() / age.toNanos());
  }
}
