package dev.procession.benchmarks;

import dev.procession.Pool;
import dev.procession.StartMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Four JVMs started, until each has answered a no-op: as four processes, each started by a thread
 * (as a call returns when the JVM is there), and as a pool. Against four processes of CPython that
 * are spawned, each of which answers through a pipe; and against four JVMs that do nothing but
 * answer a byte, which is the floor.
 */
final class SpawnStart implements Comparison {
  private static final int WORKERS = 4;
  private static final Duration SETTLE = Duration.ofMillis(200);
  private static final double TARGET = 2;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    try (Contenders contenders = new Contenders();
        ProcessStarts starts = new ProcessStarts(WORKERS, StartMode.SPAWN)) {
      contenders.add("4 processes", () -> processes(starts));
      contenders.add("pool of 4", SpawnStart::pool);
      contenders.add("4 bare JVMs", SpawnStart::bareJvms);
      boolean hasPython = contenders.add("4 spawned processes of ", setting.python("spawn"));
      return lines(contenders.measure(3, setting.turns(25)), hasPython);
    }
  }

  private static List<Line> lines(List<Measured> measured, boolean hasPython) {
    String what = "4 workers spawned, each answered a no-op";
    Measured processes = measured.getFirst();
    Line bare = Line.forTheRecord(what, processes, measured.get(2));
    if (!hasPython) {
      return List.of(Line.skipped(what, Setting.NO_PYTHON), bare);
    }
    Measured python = measured.getLast();
    return List.of(
        Line.timesAsFast(what, processes, python, TARGET),
        Line.timesAsFast(what, measured.get(1), python, TARGET),
        bare);
  }

  private static double processes(ProcessStarts starts)
      throws ExecutionException, InterruptedException {
    Thread.sleep(SETTLE);
    return starts.measure();
  }

  private static double pool() throws ExecutionException, InterruptedException {
    Thread.sleep(SETTLE);
    long begin = System.nanoTime();
    try (Pool pool =
        Pool.processes(options -> options.withWorkers(WORKERS).withStartMode(StartMode.SPAWN))) {
      Answers.fromAll(pool, WORKERS);
      return System.nanoTime() - begin;
    }
  }

  private static double bareJvms() throws IOException, InterruptedException {
    Thread.sleep(SETTLE);
    List<String> options =
        List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1");
    ProcessBuilder builder = Jvm.of(options, Nothing.class);
    List<Process> started = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < WORKERS; i++) {
      started.add(builder.start());
    }
    for (Process process : started) {
      if (process.getInputStream().read() != '.') {
        throw new IOException("no answer");
      }
    }
    long nanos = System.nanoTime() - begin;
    for (Process process : started) {
      boolean _ = process.waitFor(Duration.ofMinutes(1));
    }
    return nanos;
  }
}
