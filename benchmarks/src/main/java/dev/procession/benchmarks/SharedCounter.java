package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.memory.SharedLong;
import dev.procession.sync.ProcessBarrier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A number in shared memory that is counted up, by one process and by four at once; against
 * CPython's {@code Value} under its lock, and an {@code AtomicLong} of this JVM.
 */
final class SharedCounter implements Comparison {
  private static final int PROCESSES = 4;
  private static final int TIMES = 200_000;
  private static final int WARM_UPS = 10;
  private static final int TURNS = 25;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    List<Line> lines = new ArrayList<>(alone(setting));
    lines.add(together(setting));
    return lines;
  }

  private static List<Line> alone(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "a shared counter counted up by one process";
    AtomicLong threads = new AtomicLong();
    try (Contenders contenders = new Contenders();
        SharedLong counter = SharedLong.open(0)) {
      contenders.add("SharedLong", () -> count(counter));
      contenders.add("AtomicLong", () -> count(threads));
      boolean hasPython = contenders.add("Value of ", setting.python("counter"));
      List<Measured> measured = contenders.measure(WARM_UPS, setting.turns(TURNS));
      List<Line> lines = new ArrayList<>();
      for (Measured theirs : measured.subList(1, measured.size())) {
        lines.add(Line.forTheRecord(what, measured.getFirst(), theirs));
      }
      if (!hasPython) {
        lines.add(Line.skipped(what, Setting.NO_PYTHON));
      }
      return lines;
    }
  }

  private static Line together(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "the same by four processes at once, each time";
    return new Duel(what, WARM_UPS, setting.turns(TURNS), null)
        .against(
            "Value of ",
            setting.python("counter-crowd"),
            Setting.NO_PYTHON,
            SharedCounter::together);
  }

  private static Line together(Duel.Theirs theirs)
      throws IOException, ExecutionException, InterruptedException {
    try (Crowd crowd = new Crowd()) {
      return theirs.meet("SharedLong", crowd::measure);
    }
  }

  // one loop for each, as a shared one would see both types

  private static double count(SharedLong counter) {
    long begin = System.nanoTime();
    add(counter);
    return (double) (System.nanoTime() - begin) / TIMES;
  }

  private static void add(SharedLong counter) {
    for (int i = 0; i < TIMES; i++) {
      counter.incrementAndGet();
    }
  }

  private static double count(AtomicLong counter) {
    long begin = System.nanoTime();
    for (int i = 0; i < TIMES; i++) {
      counter.incrementAndGet();
    }
    return (double) (System.nanoTime() - begin) / TIMES;
  }

  /** Processes that count when all of them, and we, stand at the start. */
  private static final class Crowd implements AutoCloseable {
    private final SharedLong counter = SharedLong.open(0);
    private final ProcessBarrier start = ProcessBarrier.open(PROCESSES + 1);
    private final ProcessBarrier end = ProcessBarrier.open(PROCESSES + 1);
    private final List<ChildProcess<?>> processes = new ArrayList<>();

    Crowd() {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(counting(counter, start, end));
      }
    }

    private static ChildProcess<?> counting(
        SharedLong counter, ProcessBarrier start, ProcessBarrier end) {
      return ChildProcess.start(
          options -> options.withDaemon(true),
          () -> {
            while (true) {
              start.await();
              add(counter);
              end.await();
            }
          });
    }

    /** Nanoseconds of one count of all of them. */
    double measure() throws IOException, InterruptedException {
      try {
        long before = counter.get();
        long begin = System.nanoTime();
        start.await();
        end.await();
        long nanos = System.nanoTime() - begin;
        if (counter.get() - before != (long) PROCESSES * TIMES) {
          throw new IOException("counts are lost: counted=" + (counter.get() - before));
        }
        return (double) nanos / PROCESSES / TIMES;
      } catch (BrokenBarrierException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      processes.forEach(ChildProcess::kill);
      counter.close();
      start.close();
      end.close();
    }
  }
}
