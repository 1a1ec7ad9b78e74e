package dev.procession.micrometer;

import dev.procession.Pool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Binds a {@link Pool} to a registry of meters.
 *
 * {@snippet :
 * try (var pool = Pool.processes(4);
 *     var metrics = PoolMetrics.of(pool, "pictures", Tags.of("region", "north"))) {
 *   metrics.bindTo(registry);
 *   pool.map(path -> convert(path), paths);
 * }
 * }
 *
 * <table>
 * <caption>The meters; each has the tag {@code pool}, and those that were given</caption>
 * <tr><th scope="col">Name</th><th scope="col">Kind, unit</th><th scope="col">What it says</th></tr>
 * <tr><td>{@code procession.pool.queued}</td><td>gauge, tasks</td>
 *   <td>tasks, or items, that wait for a worker</td></tr>
 * <tr><td>{@code procession.pool.running}</td><td>gauge, tasks</td><td>those that run</td></tr>
 * <tr><td>{@code procession.pool.running.longest}</td><td>gauge, time</td>
 *   <td>how long the one has been running that has done so for longest; 0 if none runs</td></tr>
 * <tr><td>{@code procession.pool.done}</td><td>counter, tasks</td>
 *   <td>those that have ended, in whatever way</td></tr>
 * <tr><td>{@code procession.pool.failed}</td><td>counter, tasks</td>
 *   <td>those of them that have not ended with a value</td></tr>
 * <tr><td>{@code procession.pool.busy}</td><td>timer</td>
 *   <td>how many have ended, and how long workers have run them, all together: the rate of that
 *   time, divided by the workers, is how busy they were meanwhile</td></tr>
 * <tr><td>{@code procession.pool.workers}</td><td>gauge, workers</td>
 *   <td>workers that are there</td></tr>
 * <tr><td>{@code procession.pool.utilization}</td><td>gauge, 0 to 1</td>
 *   <td>the part of their time, since each has started, that they were busy</td></tr>
 * <tr><td>{@code procession.pool.memory.peak}</td><td>gauge, bytes</td>
 *   <td>the most resident memory that each of them had, added up: of processes on Linux,
 *   otherwise NaN</td></tr>
 * <tr><td>{@code procession.pool.memory.peak.largest}</td><td>gauge, bytes</td>
 *   <td>that of the worker which had the most; likewise</td></tr>
 * </table>
 *
 * <p><b>Ownership.</b> This owns the meters: {@link #close} takes them out of the registries again.
 * It does not own the pool, and closing the pool leaves the meters: what is counted stays, and
 * there are no workers any more. As with other binders, a registry holds the pool weakly: somebody
 * else has to hold it, this object or the code that uses the pool, and the very one that was given,
 * not only a {@linkplain Pool#with(java.util.function.UnaryOperator) view} of it. When it is gone,
 * gauges become NaN and counters stay as they are. A registry keeps the first of several meters of
 * one name and tags: pools that are there at the same time need different names, or tags.
 *
 * <p><b>Threads.</b> All methods are for any thread.
 *
 * <p><b>Cost.</b> All meters look at one {@linkplain Pool#stats snapshot} of the pool, which is
 * taken when they are read and the last is older than 100 ms, and costs some tens of microseconds
 * for each worker.
 */
public final class PoolMetrics implements MeterBinder, AutoCloseable {
  private static final String PREFIX = "procession.pool.";
  private static final String WORKERS = "workers";

  private final Pool pool;
  private final Tags tags;
  private final RecentStats recent = new RecentStats(System::nanoTime);
  private final List<Bound> bound = new CopyOnWriteArrayList<>();

  private PoolMetrics(Pool pool, String name, Iterable<Tag> tags) {
    this.pool = pool;
    this.tags = Tags.concat(tags, "pool", name);
  }

  /** A meter, and where it is. */
  private record Bound(MeterRegistry registry, Meter meter) {
    void remove() {
      registry.remove(meter);
    }
  }

  /**
   * Makes meters of a pool, with no other tags than its name.
   *
   * @param pool whose they are
   * @param name value of their tag {@code pool}
   * @return the meters, which are not in any registry yet
   */
  public static PoolMetrics of(Pool pool, String name) {
    return of(pool, name, Tags.empty());
  }

  /**
   * Makes meters of a pool.
   *
   * @param pool whose they are
   * @param name value of their tag {@code pool}
   * @param tags that they have besides
   * @return the meters, which are not in any registry yet
   */
  public static PoolMetrics of(Pool pool, String name, Iterable<Tag> tags) {
    return new PoolMetrics(pool, name, tags);
  }

  /**
   * Registers the meters. May be called for several registries.
   *
   * @param registry where they shall be
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    bindTasks(registry);
    bindWorkers(registry);
  }

  private void bindTasks(MeterRegistry registry) {
    gauge(registry, "queued", BaseUnits.TASKS, "Tasks that wait for a worker", Snapshot::queued);
    gauge(registry, "running", BaseUnits.TASKS, "Tasks that run", Snapshot::running);
    counter(registry, "done", "Tasks that have ended, in whatever way", Snapshot::done);
    counter(registry, "failed", "Tasks that have not ended with a value", Snapshot::failed);
    // meters hold these, and must not hold the pool by them
    RecentStats stats = recent;
    keep(
        registry,
        TimeGauge.builder(
                PREFIX + "running.longest",
                pool,
                TimeUnit.NANOSECONDS,
                it -> stats.of(it::stats).longestRunning().toNanos())
            .tags(tags)
            .description("How long the task has been running that has done so for longest")
            .register(registry));
    keep(
        registry,
        FunctionTimer.builder(
                PREFIX + "busy",
                pool,
                it -> stats.of(it::stats).done(),
                it -> stats.of(it::stats).busy().toNanos(),
                TimeUnit.NANOSECONDS)
            .tags(tags)
            .description("How long workers have run tasks that have ended")
            .register(registry));
  }

  private void bindWorkers(MeterRegistry registry) {
    gauge(registry, WORKERS, WORKERS, "Workers that are there", Snapshot::workers);
    gauge(
        registry,
        "utilization",
        "",
        "The part of their time that workers were busy",
        Snapshot::utilization);
    gauge(
        registry,
        "memory.resident",
        BaseUnits.BYTES,
        "The resident memory of all workers",
        Snapshot::residentMemory);
    gauge(
        registry,
        "memory.heap",
        BaseUnits.BYTES,
        "What workers use of their heaps",
        Snapshot::heap);
    gauge(
        registry,
        "memory.peak",
        BaseUnits.BYTES,
        "The most resident memory that each worker had, added up",
        Snapshot::peakMemory);
    gauge(
        registry,
        "memory.peak.largest",
        BaseUnits.BYTES,
        "The most resident memory that a worker had",
        Snapshot::largestPeakMemory);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String unit,
      String description,
      ToDoubleFunction<Snapshot> value) {
    RecentStats stats = recent;
    keep(
        registry,
        Gauge.builder(PREFIX + name, pool, it -> value.applyAsDouble(stats.of(it::stats)))
            .tags(tags)
            .baseUnit(unit.isEmpty() ? null : unit)
            .description(description)
            .register(registry));
  }

  private void counter(
      MeterRegistry registry, String name, String description, ToDoubleFunction<Snapshot> value) {
    RecentStats stats = recent;
    keep(
        registry,
        FunctionCounter.builder(PREFIX + name, pool, it -> value.applyAsDouble(stats.of(it::stats)))
            .tags(tags)
            .baseUnit(BaseUnits.TASKS)
            .description(description)
            .register(registry));
  }

  private void keep(MeterRegistry registry, Meter meter) {
    bound.add(new Bound(registry, meter));
  }

  /** Takes the meters out of the registries in which they are. The pool goes on. Idempotent. */
  @Override
  public void close() {
    bound.forEach(Bound::remove);
    bound.clear();
  }
}
