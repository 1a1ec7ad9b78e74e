package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * What a pool does beside small tasks: computes, from a cold start; tells of a worker's death;
 * keeps many workers busy.
 */
final class PoolBehaviour implements Comparison {
  private static final int WORKERS = 4;
  private static final int LOOPS = 8;
  private static final int STEPS = 5_000_000;
  private static final double LOOPS_TARGET = 10;
  private static final double DEATH_NANOS = 10_000_000;
  private static final Duration SLEEP = Duration.ofMillis(10);
  private static final int SLEEPS_PER_WORKER = 50;
  private static final double SLEEP_TARGET = 1.05;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    lines.add(loops(setting));
    lines.add(death(setting));
    for (int workers : new int[] {1, 8, 64}) {
      lines.add(sleeps(setting, workers));
    }
    return lines;
  }

  private static Line loops(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "8 loops of 5,000,000 steps in a pool of 4, with its start and end";
    return new Duel(what, 1, setting.turns(7), Goal.timesAsFast(LOOPS_TARGET))
        .against(
            "Pool.map of ",
            setting.python("loops"),
            Setting.NO_PYTHON,
            theirs -> theirs.meet("Pool.map", PoolBehaviour::loops));
  }

  private static double loops() throws InterruptedException {
    long begin = System.nanoTime();
    try (Pool pool = Pool.processes(WORKERS)) {
      List<Long> totals =
          pool.with(tasks -> tasks.withChunkSize(1))
              .map(_ -> loop(), IntStream.range(0, LOOPS).boxed().toList());
      if (totals.stream().distinct().count() != 1) {
        throw new IllegalStateException("different totals: " + totals);
      }
    }
    return System.nanoTime() - begin;
  }

  static long loop() {
    long total = 0;
    for (long i = 0; i < STEPS; i++) {
      total = (total + i * i) % 1_000_000_000;
    }
    return total;
  }

  /** From the signal until the future is done. */
  private static Line death(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    try (Contenders contenders = new Contenders();
        Pool pool = Pool.processes(2)) {
      contenders.add("future", () -> killed(pool));
      Measured future = contenders.measure(2, setting.turns(25)).getFirst();
      return Line.atMost(
          "a worker's death (SIGKILL) reaches its task's future", future, DEATH_NANOS);
    }
  }

  private static double killed(Pool pool) throws ExecutionException, InterruptedException {
    long pid = pool.submit(() -> ProcessHandle.current().pid()).get();
    CompletableFuture<Long> victim = null;
    while (victim == null) { // until it is one of that worker
      CompletableFuture<Long> next =
          pool.submit(
              () -> {
                if (ProcessHandle.current().pid() != pid) {
                  return 0L;
                }
                Thread.sleep(Duration.ofHours(1));
                return 1L;
              });
      Thread.sleep(SLEEP.multipliedBy(2)); // runs by now
      victim = next.isDone() ? null : next;
    }
    long[] done = {0};
    CompletableFuture<Boolean> seen =
        victim.handle(
            (value, failure) -> {
              done[0] = System.nanoTime();
              return true;
            });
    long begin = System.nanoTime();
    boolean _ = ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    boolean _ = seen.get();
    return done[0] - begin;
  }

  private static Line sleeps(Setting setting, int workers)
      throws IOException, ExecutionException, InterruptedException {
    try (Contenders contenders = new Contenders();
        Pool pool = Pool.processes(options -> options.withWorkers(workers).withMaxHeap("32m"))) {
      awaitAll(pool, workers);
      int count = workers * SLEEPS_PER_WORKER;
      contenders.add(workers + " workers", () -> sleep(pool, count));
      double ideal = (double) SLEEPS_PER_WORKER * SLEEP.toNanos();
      return Line.timesAsLong(
          count + " sleeps of 10 ms",
          contenders.measure(1, setting.turns(5)).getFirst(),
          Measured.once("no overhead at all", Unit.NANOSECONDS, ideal),
          SLEEP_TARGET);
    }
  }

  private static void awaitAll(Pool pool, int workers) {
    while (pool.stats().workers().stream().filter(worker -> worker.tasks() > 0).count() < workers) {
      sleep(pool, 2 * workers);
    }
  }

  private static double sleep(Pool pool, int count) {
    long begin = System.nanoTime();
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(
          pool.submit(
              () -> {
                Thread.sleep(SLEEP);
                return 1;
              }));
    }
    futures.forEach(CompletableFuture::join);
    return System.nanoTime() - begin;
  }
}
