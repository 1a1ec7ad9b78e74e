package dev.procession.management;

import dev.procession.RunningTask;
import dev.procession.WorkerStats;

/** A worker, as {@link PoolMXBean} shows it. Immutable. */
public final class WorkerBean {
  private final WorkerStats stats;

  WorkerBean(WorkerStats stats) {
    this.stats = stats;
  }

  /**
   * Returns its name.
   *
   * @return the name
   */
  public String getName() {
    return stats.name();
  }

  /**
   * Returns the process that it is, or is in.
   *
   * @return its pid
   */
  public long getPid() {
    return stats.pid();
  }

  /**
   * Returns how many tasks it has finished.
   *
   * @return items of maps count each
   */
  public long getTasks() {
    return stats.tasks();
  }

  /**
   * Returns the part of its time that it was busy.
   *
   * @return from 0 to 1
   */
  public double getUtilization() {
    return stats.utilization();
  }

  /**
   * Returns how long it has run tasks that have ended.
   *
   * @return in milliseconds
   */
  public long getBusyMillis() {
    return stats.busy().toMillis();
  }

  /**
   * Returns its resident memory.
   *
   * @return in bytes; -1 where that is not known
   */
  public long getResidentMemory() {
    return stats.memory().resident();
  }

  /**
   * Returns what it uses of its heap.
   *
   * @return in bytes; -1 where that is not known
   */
  public long getHeap() {
    return stats.memory().heap();
  }

  /**
   * Returns how long its collectors have worked.
   *
   * @return in milliseconds, as of its last task; 0 where that is not known
   */
  public long getGcMillis() {
    return stats.memory().gcTime().toMillis();
  }

  /**
   * Returns what it runs.
   *
   * @return the label, or nothing
   */
  public String getTask() {
    return stats.current().map(RunningTask::label).orElse("");
  }

  /**
   * Returns how long that has been running.
   *
   * @return in milliseconds; 0 if nothing runs
   */
  public long getRunningMillis() {
    return stats.current().map(task -> task.running().toMillis()).orElse(0L);
  }
}
