package dev.procession.benchmarks;

import dev.procession.function.SerializableCallable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Waiting until every worker of a pool has answered. */
final class Answers {
  private Answers() {}

  /**
   * Submits tasks that do nothing but name their worker, as many at a time as there are workers,
   * until each has answered one.
   */
  static void fromAll(ExecutorService pool, int workers)
      throws ExecutionException, InterruptedException {
    Set<Long> seen = new HashSet<>();
    while (seen.size() < workers) {
      List<Future<Long>> answers = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        SerializableCallable<Long> task = () -> ProcessHandle.current().pid();
        answers.add(pool.submit(task));
      }
      for (Future<Long> answer : answers) {
        seen.add(answer.get());
      }
    }
  }
}
