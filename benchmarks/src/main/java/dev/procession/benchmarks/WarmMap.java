package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * A map of a cheap function over 10,000 numbers in a warm pool of four; against CPython's {@code
 * Pool.map} of the same.
 */
final class WarmMap implements Comparison {
  private static final int WORKERS = 4;
  private static final int ITEMS = 10_000;
  private static final int WARM_UP = 4_000;
  private static final int MAPS = 20;
  private static final double TARGET = 2;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "map of x * 2 over 10,000 numbers, pool of 4, warm";
    return List.of(
        new Duel(what, 2, setting.turns(25), Goal.timesAsFast(TARGET))
            .against("Pool.map of ", setting.python("map"), Setting.NO_PYTHON, WarmMap::ours));
  }

  private static Line ours(Duel.Theirs theirs)
      throws IOException, ExecutionException, InterruptedException {
    List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
    try (Pool pool = Pool.processes(WORKERS)) {
      maps(pool, items, WARM_UP);
      return theirs.meet("Pool.map", () -> maps(pool, items, MAPS));
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
