package dev.procession.benchmarks;

import dev.procession.Pool;
import dev.procession.function.SerializableCallable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private static final int SLEEP_WARM_UP = 40;
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

  /**
   * As many sleeps as there are workers at a time, 50 times over, by workers that have done so for
   * some seconds; against as many threads.
   */
  private static Line sleeps(Setting setting, int workers)
      throws IOException, ExecutionException, InterruptedException {
    int count = workers * SLEEPS_PER_WORKER;
    try (ExecutorService threads = Executors.newFixedThreadPool(workers);
        Pool pool = Pool.processes(options -> options.withWorkers(workers).withMaxHeap("32m"))) {
      awaitAll(pool, workers);
      return new Duel(
              count + " sleeps of 10 ms, warm",
              setting.turns(SLEEP_WARM_UP),
              setting.turns(9),
              Goal.timesAsLong(SLEEP_TARGET))
          .between(
              workers == 1 ? "1 worker" : workers + " workers",
              () -> slept(pool, count),
              "as many threads",
              () -> slept(threads, count));
    }
  }

  private static void awaitAll(Pool pool, int workers)
      throws ExecutionException, InterruptedException {
    while (pool.stats().workers().stream().filter(worker -> worker.tasks() > 0).count() < workers) {
      sleep(pool, 2 * workers);
    }
  }

  private static double slept(ExecutorService executor, int count)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    sleep(executor, count);
    return System.nanoTime() - begin;
  }

  private static void sleep(ExecutorService executor, int count)
      throws ExecutionException, InterruptedException {
    SerializableCallable<Integer> task =
        () -> {
          Thread.sleep(SLEEP);
          return 1;
        };
    List<Future<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(executor.submit(task));
    }
    for (Future<Integer> future : futures) {
      if (future.get() != 1) {
        throw new IllegalStateException("wrong answer");
      }
    }
  }
}
