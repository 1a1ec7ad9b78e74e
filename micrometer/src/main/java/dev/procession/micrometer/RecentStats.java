package dev.procession.micrometer;

import dev.procession.PoolStats;
import dev.procession.WorkerStats;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a pool said last, kept for a moment, so that all meters that are read together look at one
 * snapshot; and what has to be added up over snapshots. Holds no pool. For any thread.
 */
final class RecentStats {
  private static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier clock;

  // guarded by this
  private @Nullable Snapshot last;
  private long taken;

  /**
   * How long each worker was busy, by its name, when it was last seen. A pool forgets those that
   * have ended, at some time, and what they have done must not be missing then.
   */
  private Map<String, Duration> seen = Map.of();

  private Duration busy = Duration.ZERO;

  /**
   * @param clock nanoseconds
   */
  RecentStats(LongSupplier clock) {
    this.clock = clock;
  }

  /** The last snapshot, or a new one if that is too old. */
  synchronized Snapshot of(Supplier<PoolStats> pool) {
    long now = clock.getAsLong();
    Snapshot recent = last;
    if (recent == null || now - taken > MAX_AGE_NANOS) {
      PoolStats stats = pool.get();
      add(stats);
      recent = new Snapshot(stats, busy);
      last = recent;
      taken = now;
    }
    return recent;
  }

  private void add(PoolStats stats) {
    Map<String, Duration> now = HashMap.newHashMap(stats.workers().size());
    for (WorkerStats worker : stats.workers()) {
      Duration before = seen.getOrDefault(worker.name(), Duration.ZERO);
      if (worker.busy().compareTo(before) > 0) {
        busy = busy.plus(worker.busy()).minus(before);
      }
      now.put(worker.name(), worker.busy());
    }
    seen = now;
  }
}
