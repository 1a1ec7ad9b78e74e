package dev.procession.benchmarks;

import dev.procession.function.SerializableCallable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Tasks that an executor is given one by one. */
enum ExecutorWork {
  START("4 no-ops", 4, 10),
  DOUBLINGS("10,000 doublings one by one", 10_000, 20),
  LOOPS("8 loops of 5,000,000 steps", 8, 10);

  private final String title;
  private final int count;
  private final double interpretersGoal;

  ExecutorWork(String title, int count, double interpretersGoal) {
    this.title = title;
    this.count = count;
    this.interpretersGoal = interpretersGoal;
  }

  /** As tables call it. */
  String title() {
    return title;
  }

  /** How many times as fast as CPython interpreters shall be. */
  double interpretersGoal() {
    return interpretersGoal;
  }

  /** Nanoseconds that {@link #run} takes. */
  double time(ExecutorService executor) throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    run(executor);
    return System.nanoTime() - begin;
  }

  /** Submits all, and waits for all. */
  void run(ExecutorService executor) throws ExecutionException, InterruptedException {
    List<Future<Long>> futures = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      futures.add(executor.submit(task(i)));
    }
    long previous = 0;
    for (Future<Long> future : futures) {
      long result = future.get();
      if (result < previous) {
        throw new IllegalStateException("wrong: result=" + result + ", previous=" + previous);
      }
      previous = result;
    }
  }

  private SerializableCallable<Long> task(long number) {
    return switch (this) {
      case START -> () -> 0L;
      case DOUBLINGS -> () -> number * 2;
      case LOOPS -> PoolBehaviour::loop;
    };
  }
}
