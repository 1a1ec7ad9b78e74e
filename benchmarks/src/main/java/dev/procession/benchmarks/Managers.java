package dev.procession.benchmarks;

import dev.procession.manager.Manager;
import dev.procession.manager.ServedMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Managers against those of CPython. */
final class Managers implements Comparison {
  private static final int PUTS = 20_000;
  private static final int GETS = 20;
  private static final int LARGE = 10 << 20;
  private static final int THREADS = 16;
  private static final int WARM_UP = 5;

  private static final double PUT = 4;
  private static final double TOGETHER = 10;
  private static final double GET = 5;
  private static final double START = 2;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    try (Manager manager = Manager.start();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      ServedMap<String, Object> map = manager.map();
      map.put("large", new byte[LARGE]);
      for (int i = 0; i < WARM_UP; i++) {
        puts(map, PUTS);
        together(map, threads);
        gets(map);
      }
      lines.add(
          against(
              setting,
              "manager-put",
              "a number put into a map of a manager",
              () -> puts(map, PUTS),
              PUT));
      lines.add(
          against(
              setting,
              "manager-put",
              "the same by 16 threads of one process, each",
              () -> together(map, threads),
              TOGETHER));
      lines.add(
          against(
              setting, "manager-get", "10 MiB got from a map of a manager", () -> gets(map), GET));
    }
    lines.add(
        against(
            setting,
            "manager-start",
            "a manager started, its first call answered",
            Managers::start,
            START));
    return lines;
  }

  private static Line against(
      Setting setting, String python, String what, Sampler ours, double target)
      throws IOException, ExecutionException, InterruptedException {
    return new Duel(what, 2, setting.turns(15), Goal.timesAsFast(target))
        .against(
            "Manager of ",
            setting.python(python),
            Setting.NO_PYTHON,
            theirs -> theirs.meet("Manager", ours));
  }

  private static double puts(ServedMap<String, Object> map, int count) {
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      map.put("key", i);
    }
    return (double) (System.nanoTime() - begin) / count;
  }

  private static double together(ServedMap<String, Object> map, ExecutorService threads)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    List<Future<Double>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      all.add(threads.submit(() -> puts(map, PUTS / THREADS)));
    }
    for (Future<Double> one : all) {
      one.get();
    }
    return (double) (System.nanoTime() - begin) / PUTS;
  }

  private static double gets(ServedMap<String, Object> map) {
    long begin = System.nanoTime();
    for (int i = 0; i < GETS; i++) {
      if (!(map.get("large") instanceof byte[] large) || large.length != LARGE) {
        throw new IllegalStateException("wrong length");
      }
    }
    return (double) (System.nanoTime() - begin) / GETS;
  }

  private static double start() {
    long begin = System.nanoTime();
    try (Manager manager = Manager.start()) {
      manager.map().put("key", 1);
      return System.nanoTime() - begin;
    }
  }
}
