package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * A map of a cheap function over 10,000 numbers in a warm pool of four; against CPython's {@code
 * Pool.map} of the same, and against threads, which have no chunks: to them each is submitted by
 * itself.
 */
final class WarmMap implements Comparison {
  private static final String WHAT = "map of x * 2 over 10,000 numbers, pool of 4, warm";
  private static final String OURS = "Pool.map";
  private static final int WORKERS = 4;
  private static final int ITEMS = 10_000;
  private static final int WARM_UP = 4_000;
  private static final int MAPS = 20;
  private static final double TARGET = 2;
  private static final double THREADS_TARGET = 3;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
    try (Pool pool = Pool.processes(WORKERS);
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      maps(pool, items, WARM_UP);
      for (int i = 0; i < WARM_UP; i++) {
        ExecutorWork.DOUBLINGS.run(threads);
      }
      Sampler ours = () -> maps(pool, items, MAPS);
      int turns = setting.turns(25);
      return List.of(
          new Duel(WHAT, 2, turns, Goal.timesAsFast(TARGET))
              .against(
                  "Pool.map of ",
                  setting.python("map"),
                  Setting.NO_PYTHON,
                  theirs -> theirs.meet(OURS, ours)),
          new Duel(WHAT, 2, turns, Goal.timesAsLong(THREADS_TARGET))
              .between(
                  OURS, ours, "fixed thread pool", () -> ExecutorWork.DOUBLINGS.time(threads)));
    }
  }

  /** Nanoseconds of one. */
  private static double maps(Pool pool, List<Integer> items, int count)
      throws InterruptedException {
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      List<Integer> doubled = pool.map(x -> x * 2, items);
      if (doubled.get(ITEMS - 1) != 2 * (ITEMS - 1)) {
        throw new IllegalStateException("wrong result: last=" + doubled.getLast());
      }
    }
    return (double) (System.nanoTime() - begin) / count;
  }
}
