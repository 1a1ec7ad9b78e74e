package dev.procession.benchmarks;

import dev.procession.sync.ProcessLock;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Taking and freeing a lock between processes that nobody else wants; against one of threads, and
 * CPython's {@code Lock}.
 */
@SuppressWarnings("LockNotBeforeTry") // nothing happens in between
final class UncontendedLock implements Comparison {
  private static final int TIMES = 200_000;
  private static final double TARGET_THREADS = 3;
  private static final double TARGET_PYTHON = 8;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "lock and unlock, nobody else wants it";
    try (ProcessLock ours = ProcessLock.open()) {
      Contender own = new Contender("ProcessLock", () -> ofProcesses(ours));
      ReentrantLock threads = new ReentrantLock();
      List<Measured> medians =
          Interleaved.run(
              20,
              setting.turns(25),
              List.of(own, new Contender("ReentrantLock", () -> ofThreads(threads))));
      Line java = Line.timesAsLong(what, medians.getFirst(), medians.getLast(), TARGET_THREADS);
      Optional<Peer> found = setting.python("lock");
      if (found.isEmpty()) {
        return List.of(java, Line.skipped(what, Setting.NO_PYTHON));
      }
      try (Peer peer = found.get()) {
        List<Measured> others =
            Interleaved.run(
                2,
                setting.turns(25),
                List.of(own, new Contender("Lock of " + peer.description(), peer::ask)));
        return List.of(
            java, Line.timesAsFast(what, others.getFirst(), others.getLast(), TARGET_PYTHON));
      }
    }
  }

  // one loop for each, as a shared one would see both types

  private static double ofProcesses(ProcessLock lock) {
    long begin = System.nanoTime();
    for (int i = 0; i < TIMES; i++) {
      lock.lock();
      lock.unlock();
    }
    return perTime(begin);
  }

  private static double ofThreads(ReentrantLock lock) {
    long begin = System.nanoTime();
    for (int i = 0; i < TIMES; i++) {
      lock.lock();
      lock.unlock();
    }
    return perTime(begin);
  }

  private static double perTime(long begin) {
    return (double) (System.nanoTime() - begin) / TIMES;
  }
}
