package dev.procession.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.procession.Pool;
import dev.procession.PoolStats;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the meters of pools say, of processes and of threads. */
class PoolMetricsTest {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  @Test
  void bindTo_poolThatHasRun_countsWhatItHasDone() throws Exception {
    try (var pool = Pool.processes(2);
        var metrics = PoolMetrics.of(pool, "pictures", Tags.of("region", "north"))) {
      metrics.bindTo(registry);
      List<Integer> squares = pool.map(n -> n * n, IntStream.range(0, 20).boxed().toList());
      assertThat(squares).hasSize(20);
      CompletableFuture<?> failed =
          pool.submit(
              () -> {
                throw new IOException("disk");
              });
      assertThatThrownBy(failed::get).hasCauseInstanceOf(IOException.class);

      await(() -> counter("done") == 21 && gauge("running") == 0);
      assertThat(counter("failed")).isEqualTo(1);
      assertThat(gauge("queued")).isZero();
      assertThat(gauge("running.longest")).isZero();
      assertThat(gauge("workers")).isEqualTo(2);
      await(() -> busySeconds() > 0);
      assertThat(registry.get("procession.pool.busy").functionTimer().count()).isEqualTo(21);
      assertThat(gauge("utilization")).isPositive().isLessThanOrEqualTo(1);
    }
  }

  @Test
  void bindTo_poolThatRuns_showsWhatRunsAndWaits(@TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    String gate = folder.resolve("gate").toString();
    try (var pool = Pool.processes(1);
        var metrics = PoolMetrics.of(pool, "gated")) {
      metrics.bindTo(registry);
      List<CompletableFuture<?>> tasks = new ArrayList<>();
      tasks.add(
          pool.submit(
              () -> {
                Files.createFile(Path.of(begun));
                await(() -> Files.exists(Path.of(gate)));
              }));
      await(() -> Files.exists(Path.of(begun)));
      for (int i = 0; i < 10; i++) {
        tasks.add(pool.submit(() -> 1));
      }

      await(() -> gauge("running") == 1 && gauge("queued") >= 8);
      assertThat(counter("done")).isZero();
      await(() -> gauge("running.longest") > 0.2);
      assertThat(gauge("utilization")).isPositive().isLessThanOrEqualTo(1);

      Files.createFile(Path.of(gate));
      CompletableFuture.allOf(tasks.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
      await(() -> counter("done") == 11 && gauge("queued") == 0);
      await(() -> busySeconds() > 0.2);
    }
  }

  @Test
  void memory_ofProcesses_isWhatTheyHadAtMost() throws Exception {
    try (var pool = Pool.processes(2);
        var metrics = PoolMetrics.of(pool, "pictures")) {
      metrics.bindTo(registry);
      pool.map(n -> n, List.of(1, 2));
      await(() -> gauge("workers") == 2);

      List<Long> peaks =
          pool.stats().workers().stream().map(worker -> worker.memory().peakResident()).toList();
      assumeThat(peaks).as("known while they live").doesNotContain(-1L);
      double sum = peaks.stream().mapToLong(Long::longValue).sum();
      assertThat(gauge("memory.peak")).isCloseTo(sum, within(sum / 2));
      assertThat(gauge("memory.resident")).isPositive();
      assertThat(gauge("memory.peak.largest")).isPositive().isLessThan(gauge("memory.peak"));
    }
  }

  @Test
  void memory_ofThreads_isNotKnown() {
    try (var pool = Pool.threads(1);
        var metrics = PoolMetrics.of(pool, "threads")) {
      metrics.bindTo(registry);

      assertThat(gauge("memory.peak")).isNaN();
      assertThat(gauge("memory.peak.largest")).isNaN();
      assertThat(gauge("workers")).isEqualTo(1);
    }
  }

  @Test
  void workers_replaced_workOfAllIsInTheTime() throws Exception {
    try (var pool = Pool.threads(o -> o.withWorkers(1).withMaxTasksPerWorker(1));
        var metrics = PoolMetrics.of(pool, "leaky")) {
      metrics.bindTo(registry);
      for (int i = 1; i <= 5; i++) {
        pool.submit(() -> Thread.sleep(20)).get();
      }

      await(() -> busySeconds() >= 0.1);
      await(() -> gauge("workers") == 1);
    }
  }

  @Test
  void pool_closed_metersShowWhatWasLast() throws Exception {
    try (var pool = Pool.processes(1);
        var metrics = PoolMetrics.of(pool, "closed")) {
      metrics.bindTo(registry);
      assertThat(pool.map(n -> n + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
      pool.close();

      await(() -> gauge("workers") == 0);
      assertThat(counter("done")).isEqualTo(3);
      assertThat(gauge("utilization")).isZero();
      assertThat(gauge("memory.peak")).isNaN();
    }
  }

  @Test
  void meters_all_haveTagsAndUnitsAndDescriptions() {
    try (var pool = Pool.threads(1);
        var metrics = PoolMetrics.of(pool, "pictures", Tags.of("region", "north"))) {
      metrics.bindTo(registry);

      assertThat(registry.getMeters())
          .extracting(Meter::getId)
          .allMatch(id -> id.getName().matches("procession\\.pool(\\.[a-z]+)+"))
          .allMatch(
              id ->
                  id.getTags()
                      .equals(List.of(Tag.of("pool", "pictures"), Tag.of("region", "north"))))
          .noneMatch(id -> id.getDescription() == null)
          .extracting(id -> id.getName() + " " + id.getBaseUnit())
          .containsExactlyInAnyOrder(
              "procession.pool.queued tasks",
              "procession.pool.running tasks",
              "procession.pool.running.longest seconds",
              "procession.pool.done tasks",
              "procession.pool.failed tasks",
              "procession.pool.busy seconds",
              "procession.pool.workers workers",
              "procession.pool.utilization null",
              "procession.pool.memory.resident bytes",
              "procession.pool.memory.heap bytes",
              "procession.pool.memory.peak bytes",
              "procession.pool.memory.peak.largest bytes");
    }
  }

  @Test
  void close_afterTwoRegistries_takesItsMetersOutOfBoth() {
    try (var pool = Pool.threads(1);
        var metrics = PoolMetrics.of(pool, "one");
        var others = PoolMetrics.of(pool, "two")) {
      MeterRegistry second = new SimpleMeterRegistry();
      metrics.bindTo(registry);
      metrics.bindTo(second);
      others.bindTo(registry);

      metrics.close();
      metrics.close();

      assertThat(second.getMeters()).isEmpty();
      assertThat(registry.getMeters())
          .isNotEmpty()
          .allMatch(meter -> "two".equals(meter.getId().getTag("pool")));
      second.close();
    }
  }

  @Test
  void pool_heldByNobodyElse_isNotHeldByTheRegistry() throws Exception {
    bindForgottenPool();

    await(
        () -> {
          System.gc();
          return Double.isNaN(gauge("queued"));
        });
    assertThat(counter("done")).isEqualTo(3); // as when it was last read
  }

  private void bindForgottenPool() throws InterruptedException {
    try (var pool = Pool.threads(1)) {
      PoolMetrics.of(pool, "forgotten").bindTo(registry);
      pool.map(n -> n, List.of(1, 2, 3));
      await(() -> counter("done") == 3);
      PoolStats stats = pool.stats();
      assertThat(stats.done()).isEqualTo(3);
    }
  }

  private double gauge(String name) {
    return registry.get("procession.pool." + name).gauge().value();
  }

  private double counter(String name) {
    return registry.get("procession.pool." + name).functionCounter().count();
  }

  private double busySeconds() {
    return registry.get("procession.pool.busy").functionTimer().totalTime(TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("nanoseconds late").isNegative();
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
