package dev.procession.micrometer;

import dev.procession.PoolStats;
import dev.procession.RunningTask;
import dev.procession.WorkerStats;
import java.time.Duration;
import java.util.Comparator;
import java.util.LongSummaryStatistics;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What the meters show, at one moment.
 *
 * @param stats of the pool
 * @param busy how long its workers have run tasks, including those that it has forgotten
 */
record Snapshot(PoolStats stats, Duration busy) {
  long queued() {
    return stats.queued();
  }

  long running() {
    return stats.running();
  }

  long done() {
    return stats.done();
  }

  long failed() {
    return stats.failed();
  }

  long workers() {
    return living().count();
  }

  private Stream<WorkerStats> living() {
    return stats.workers().stream().filter(WorkerStats::alive);
  }

  Duration longestRunning() {
    return living()
        .flatMap(worker -> worker.current().stream())
        .map(RunningTask::running)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** From 0 to 1. What runs counts, too: a worker may run one task for days. */
  double utilization() {
    Duration age = living().map(WorkerStats::age).reduce(Duration.ZERO, Duration::plus);
    Duration active = living().map(Snapshot::active).reduce(Duration.ZERO, Duration::plus);
    return age.isZero() ? 0 : Math.min(1, (double) active.toNanos() / age.toNanos());
  }

  private static Duration active(WorkerStats worker) {
    return worker.busy().plus(worker.current().map(RunningTask::running).orElse(Duration.ZERO));
  }

  /** In bytes; NaN if no worker's is known. */
  double peakMemory() {
    LongSummaryStatistics known = knownPeaks();
    return known.getCount() == 0 ? Double.NaN : known.getSum();
  }

  /** In bytes; NaN if no worker's is known. */
  double largestPeakMemory() {
    LongSummaryStatistics known = knownPeaks();
    return known.getCount() == 0 ? Double.NaN : known.getMax();
  }

  /** In bytes; NaN if no worker's is known. */
  double residentMemory() {
    return known(worker -> worker.memory().resident());
  }

  /** Likewise. */
  double heap() {
    return known(worker -> worker.memory().heap());
  }

  private double known(ToLongFunction<WorkerStats> bytes) {
    LongSummaryStatistics known =
        living().mapToLong(bytes).filter(one -> one >= 0).summaryStatistics();
    return known.getCount() == 0 ? Double.NaN : known.getSum();
  }

  private LongSummaryStatistics knownPeaks() {
    return living()
        .mapToLong(worker -> worker.memory().peakResident())
        .filter(bytes -> bytes >= 0)
        .summaryStatistics();
  }
}
