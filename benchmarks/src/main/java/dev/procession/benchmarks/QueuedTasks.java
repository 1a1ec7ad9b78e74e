package dev.procession.benchmarks;

import dev.procession.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What tasks that wait for a worker take of the heap, with their futures, and to submit each. */
final class QueuedTasks implements Comparison {
  private static final List<Integer> COUNTS = List.of(100_000, 500_000, 1_000_000);
  private static final long TARGET = 200;
  private static final Duration LONG = Duration.ofHours(1);

  @Override
  public List<Line> measure(Setting setting) throws ExecutionException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    for (int count : COUNTS) {
      Pool pool = Pool.processes(1);
      try {
        Object _ = pool.submit(() -> null).get();
        for (int i = 0; i < 2; i++) { // the worker takes no more
          CompletableFuture<?> _ = pool.submit(() -> Thread.sleep(LONG));
        }
        lines.addAll(measure(pool, count));
      } finally {
        pool.terminate();
      }
    }
    return lines;
  }

  private static List<Line> measure(Pool pool, int count) {
    List<CompletableFuture<Integer>> futures = new ArrayList<>(count);
    long before = used();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      int number = i;
      futures.add(pool.submit(() -> number + 1));
    }
    double nanos = (System.nanoTime() - start) / (double) count;
    double bytes = (used() - before) / (double) count;
    String what = futures.size() + " tasks queued, each";
    return List.of(
        Line.atMost(what + ": heap", Measured.once("submit", Unit.BYTES, bytes), TARGET),
        Line.forTheRecord(what + ": time", Measured.once("submit", Unit.NANOSECONDS, nanos)));
  }

  private static long used() {
    Runtime jvm = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return jvm.totalMemory() - jvm.freeMemory();
  }
}
