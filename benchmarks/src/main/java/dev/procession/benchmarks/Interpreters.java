package dev.procession.benchmarks;

import dev.procession.Pool;
import dev.procession.interpreter.Interpreter;
import dev.procession.interpreter.InterpreterQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    List<Line> lines = new ArrayList<>();
    lines.add(
        against(
            setting,
            "interpreter-map",
            "10,000 doublings mapped in chunks of one, pool of 4 interpreters, with its start and"
                + " end",
            Interpreters::map,
            MAP));
    lines.add(queue(setting));
    lines.add(againstThreads(setting));
    return lines;
  }

  private static Line against(
      Setting setting, String python, String what, Sampler ours, double target)
      throws IOException, ExecutionException, InterruptedException {
    Optional<Peer> found = setting.python(python);
    if (found.isEmpty()) {
      return Line.skipped(what, Setting.NO_PYTHON);
    }
    try (Peer peer = found.get()) {
      List<Measured> medians =
          Interleaved.run(
              2,
              setting.turns(15),
              List.of(
                  new Contender("Pool.interpreters", ours),
                  new Contender("InterpreterPoolExecutor of " + peer.description(), peer::ask)));
      return Line.timesAsFast(what, medians.getFirst(), medians.getLast(), target);
    }
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
    Optional<Peer> found = setting.python("interpreter-queue");
    if (found.isEmpty()) {
      return Line.skipped(what, Setting.NO_PYTHON);
    }
    InterpreterQueue<Integer> there = InterpreterQueue.open();
    InterpreterQueue<Integer> back = InterpreterQueue.open();
    try (Peer peer = found.get();
        Interpreter echo = Interpreter.create()) {
      Thread _ =
          echo.callInThread(
              () -> {
                for (int number = there.take(); number >= 0; number = there.take()) {
                  back.put(number);
                }
              });
      List<Measured> medians =
          Interleaved.run(
              2,
              setting.turns(15),
              List.of(
                  new Contender("InterpreterQueue", () -> roundTrips(there, back)),
                  new Contender("queue of " + peer.description(), peer::ask)));
      there.put(-1);
      return Line.timesAsFast(what, medians.getFirst(), medians.getLast(), QUEUE);
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
    try (Pool pool = Pool.interpreters(WORKERS);
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      List<Integer> items = IntStream.range(0, TASKS).boxed().toList();
      for (int i = 0; i < WARM_UP; i++) {
        doubled(pool, items);
        doubledOf(threads, items);
      }
      List<Measured> medians =
          Interleaved.run(
              1,
              setting.turns(15),
              List.of(
                  new Contender("map", () -> doubled(pool, items)),
                  new Contender("fixed thread pool", () -> doubledOf(threads, items))));
      return Line.timesAsLong(
          "10,000 doublings, 4 interpreters, warm", medians.getFirst(), medians.getLast(), THREADS);
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

  private static double doubledOf(ExecutorService threads, List<Integer> items)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    List<Future<Integer>> futures = new ArrayList<>(TASKS);
    for (int item : items) {
      futures.add(threads.submit(() -> item * 2));
    }
    long sum = 0;
    for (Future<Integer> future : futures) {
      sum += future.get();
    }
    if (sum != (long) TASKS * (TASKS - 1)) {
      throw new IllegalStateException("wrong sum: sum=" + sum);
    }
    return (double) (System.nanoTime() - begin) / TASKS;
  }
}
