package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tasks that do nothing, each submitted by itself: many at once, and one after the other; against
 * what CPython has for that, and threads of this JVM.
 */
final class Submits implements Comparison {
  private static final String MANY = "10,000 no-ops submitted, then collected, pool of 4, warm";
  private static final int WORKERS = 4;
  private static final int TASKS = 10_000;
  private static final int WARM_UP = 30;

  private static final double MAP_WITH_START = 30;
  private static final double APPLY_ASYNC = 4;
  private static final double EXECUTOR = 10;
  private static final double APPLY = 3;

  /** A pool with so many workers, and what it does once. */
  private interface Use {
    double measure(Pool pool) throws ExecutionException, InterruptedException;
  }

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String executor = "ProcessPoolExecutor";
    List<Line> lines = new ArrayList<>();
    lines.add(
        against(
            setting, "executor-map", executor + " with its start", MANY, WORKERS, MAP_WITH_START));
    lines.add(against(setting, "apply-async", "Pool.apply_async", MANY, WORKERS, APPLY_ASYNC));
    lines.add(against(setting, "executor-submit", executor, MANY, WORKERS, EXECUTOR));
    lines.add(
        against(setting, "apply", "Pool.apply", "a no-op, there and back, pool of 1", 1, APPLY));
    lines.add(againstThreads(setting));
    return lines;
  }

  private static Line against(
      Setting setting, String python, String name, String what, int workers, double target)
      throws IOException, ExecutionException, InterruptedException {
    return new Duel(what, 1, setting.turns(15), Goal.timesAsFast(target))
        .against(
            name + " of ",
            setting.python(python),
            Setting.NO_PYTHON,
            theirs -> ours(workers, theirs));
  }

  private static Line ours(int workers, Duel.Theirs theirs)
      throws IOException, ExecutionException, InterruptedException {
    Use use = workers == 1 ? Submits::roundTrips : Submits::collect;
    try (Pool pool = Pool.processes(workers)) {
      for (int i = 0; i < WARM_UP; i++) {
        use.measure(pool);
      }
      return theirs.meet("submit", () -> use.measure(pool));
    }
  }

  private static Line againstThreads(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    try (Pool pool = Pool.processes(WORKERS);
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      for (int i = 0; i < WARM_UP; i++) {
        collect(pool);
        collectOf(threads);
      }
      return new Duel(MANY, 1, setting.turns(15), null)
          .between("submit", () -> collect(pool), "fixed thread pool", () -> collectOf(threads));
    }
  }

  /** Nanoseconds of one of many that are under way together. */
  private static double collect(Pool pool) throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    List<CompletableFuture<Integer>> futures = new ArrayList<>(TASKS);
    for (int i = 0; i < TASKS; i++) {
      futures.add(pool.submit(() -> 1));
    }
    return perTask(futures, begin);
  }

  private static double collectOf(ExecutorService threads)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    List<Future<Integer>> futures = new ArrayList<>(TASKS);
    Callable<Integer> task = () -> 1;
    for (int i = 0; i < TASKS; i++) {
      futures.add(threads.submit(task));
    }
    return perTask(futures, begin);
  }

  private static double perTask(List<? extends Future<Integer>> futures, long begin)
      throws ExecutionException, InterruptedException {
    int sum = 0;
    for (Future<Integer> future : futures) {
      sum += future.get();
    }
    if (sum != TASKS) {
      throw new IllegalStateException("wrong sum: sum=" + sum);
    }
    return (double) (System.nanoTime() - begin) / TASKS;
  }

  /** Nanoseconds of one of many, one after the other. */
  private static double roundTrips(Pool pool) throws ExecutionException, InterruptedException {
    int trips = 500;
    long begin = System.nanoTime();
    for (int i = 0; i < trips; i++) {
      if (pool.submit(() -> 1).get() != 1) {
        throw new IllegalStateException("wrong answer");
      }
    }
    return (double) (System.nanoTime() - begin) / trips;
  }
}
