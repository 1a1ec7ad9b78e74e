package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A task that does nothing, submitted to a warm pool of one worker and waited for; against two
 * processes that wake each other by a futex.
 */
final class RoundTrip implements Comparison {
  private static final int WARM_UP = 200_000;
  private static final int TRIPS = 20_000;
  private static final double TARGET = 3;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "round trip of a no-op, pool of 1, warm";
    return List.of(
        new Duel(what, 2, setting.turns(15), Goal.timesAsLong(TARGET))
            .against(
                "futex ping-pong, ", setting.c("pingpong"), Setting.NO_COMPILER, RoundTrip::ours));
  }

  private static Line ours(Duel.Theirs theirs)
      throws IOException, ExecutionException, InterruptedException {
    try (Pool pool = Pool.processes(1)) {
      trips(pool, WARM_UP);
      return theirs.meet("submit and get", () -> trips(pool, TRIPS));
    }
  }

  /** Nanoseconds of one. */
  private static double trips(Pool pool, int count)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Object _ = pool.submit(() -> null).get();
    }
    return (double) (System.nanoTime() - begin) / count;
  }
}
