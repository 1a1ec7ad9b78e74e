package dev.procession.benchmarks;

import dev.procession.sync.ProcessLock;
import java.io.IOException;
import java.util.List;
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
    ReentrantLock threads = new ReentrantLock();
    try (Contenders contenders = new Contenders();
        ProcessLock ours = ProcessLock.open()) {
      contenders.add("ProcessLock", () -> ofProcesses(ours));
      contenders.add("ReentrantLock", () -> ofThreads(threads));
      boolean hasPython = contenders.add("Lock of ", setting.python("lock"));
      return lines(contenders.measure(20, setting.turns(25)), hasPython);
    }
  }

  private static List<Line> lines(List<Measured> measured, boolean hasPython) {
    String what = "lock and unlock, nobody else wants it";
    Measured ours = measured.getFirst();
    return List.of(
        Line.timesAsLong(what, ours, measured.get(1), TARGET_THREADS),
        hasPython
            ? Line.timesAsFast(what, ours, measured.getLast(), TARGET_PYTHON)
            : Line.skipped(what, Setting.NO_PYTHON));
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
