package dev.procession.benchmarks;

import dev.procession.Pool;
import dev.procession.interpreter.Interpreter;
import dev.procession.interpreter.InterpreterQueue;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Interpreters against those of CPython, and against threads. */
final class Interpreters implements Comparison {
  private static final int WORKERS = 4;
  private static final int TASKS = 10_000;
  private static final int TRIPS = 20_000;
  private static final int WARM_UP = 30;

  private static final double MAP = 20;
  private static final double QUEUE = 500;
  private static final double THREADS = 2;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    return List.of(map(setting), queue(setting), againstThreads(setting));
  }

  private static Line map(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what =
        "10,000 doublings mapped in chunks of one, pool of 4 interpreters, with its start and end";
    return new Duel(what, 2, setting.turns(15), Goal.timesAsFast(MAP))
        .against(
            "InterpreterPoolExecutor of ",
            setting.python("interpreter-map"),
            Setting.NO_PYTHON,
            theirs -> theirs.meet("Pool.interpreters", Interpreters::map));
  }

  private static double map() throws InterruptedException {
    List<Integer> items = IntStream.range(0, TASKS).boxed().toList();
    long begin = System.nanoTime();
    try (Pool pool = Pool.interpreters(WORKERS)) {
      List<Integer> doubled = pool.with(tasks -> tasks.withChunkSize(1)).map(n -> n * 2, items);
      if (doubled.getLast() != 2 * (TASKS - 1)) {
        throw new IllegalStateException("wrong: " + doubled.getLast());
      }
    }
    return (double) (System.nanoTime() - begin) / TASKS;
  }

  private static Line queue(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "a number there and back, by queues between two interpreters";
    return new Duel(what, 2, setting.turns(15), Goal.timesAsFast(QUEUE))
        .against(
            "queue of ",
            setting.python("interpreter-queue"),
            Setting.NO_PYTHON,
            Interpreters::queue);
  }

  private static Line queue(Duel.Theirs theirs)
      throws IOException, ExecutionException, InterruptedException {
    InterpreterQueue<Integer> there = InterpreterQueue.open();
    InterpreterQueue<Integer> back = InterpreterQueue.open();
    try (Interpreter echo = Interpreter.create()) {
      Thread _ =
          echo.callInThread(
              () -> {
                for (int number = there.take(); number >= 0; number = there.take()) {
                  back.put(number);
                }
              });
      Line line = theirs.meet("InterpreterQueue", () -> roundTrips(there, back));
      there.put(-1);
      return line;
    }
  }

  private static double roundTrips(InterpreterQueue<Integer> there, InterpreterQueue<Integer> back)
      throws InterruptedException {
    long begin = System.nanoTime();
    for (int i = 0; i < TRIPS; i++) {
      there.put(i);
      if (back.take() != i) {
        throw new IllegalStateException("wrong answer");
      }
    }
    return (double) (System.nanoTime() - begin) / TRIPS;
  }

  private static Line againstThreads(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "10,000 doublings, 4 interpreters, warm";
    try (Pool pool = Pool.interpreters(WORKERS);
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      List<Integer> items = IntStream.range(0, TASKS).boxed().toList();
      for (int i = 0; i < WARM_UP; i++) {
        doubled(pool, items);
        ExecutorWork.DOUBLINGS.run(threads);
      }
      return new Duel(what, 1, setting.turns(15), Goal.timesAsLong(THREADS))
          .between(
              "map",
              () -> doubled(pool, items),
              "fixed thread pool",
              () -> ExecutorWork.DOUBLINGS.time(threads) / TASKS);
    }
  }

  private static double doubled(Pool pool, List<Integer> items) throws InterruptedException {
    long begin = System.nanoTime();
    List<Integer> results = pool.map(n -> n * 2, items);
    if (results.size() != TASKS) {
      throw new IllegalStateException("wrong size: size=" + results.size());
    }
    return (double) (System.nanoTime() - begin) / TASKS;
  }
}
