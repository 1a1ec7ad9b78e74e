package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.StartMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Four processes on JVMs that wait, until each has answered a no-op. Against four processes of
 * CPython's fork server, which is up.
 */
final class StandbyStart implements Comparison {
  private static final int WORKERS = 4;

  /** After which the JVMs that replace those taken are ready, and quiet. */
  private static final Duration SETTLE = Duration.ofMillis(1500);

  private static final double TARGET = 4;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "4 processes on waiting JVMs, each answered a no-op";
    Optional<Peer> found = setting.python("forkserver");
    if (found.isEmpty()) {
      return List.of(Line.skipped(what, Setting.NO_PYTHON));
    }
    ChildProcess.prepare(WORKERS, options -> options);
    try (Peer peer = found.get();
        ProcessStarts starts = new ProcessStarts(WORKERS, StartMode.STANDBY)) {
      String theirs = "4 processes of the fork server of " + peer.description();
      List<Measured> medians =
          Interleaved.run(
              5,
              setting.turns(25),
              List.of(
                  new Contender("4 processes", () -> processes(starts)),
                  new Contender(theirs, peer::ask)));
      return List.of(Line.timesAsFast(what, medians.getFirst(), medians.getLast(), TARGET));
    } finally {
      ChildProcess.prepare(0, options -> options);
    }
  }

  private static double processes(ProcessStarts starts)
      throws ExecutionException, InterruptedException {
    double nanos = starts.measure();
    Thread.sleep(SETTLE);
    return nanos;
  }
}
