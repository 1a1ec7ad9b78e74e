package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.StartMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
    return List.of(
        new Duel(what, 5, setting.turns(25), Goal.timesAsFast(TARGET))
            .against(
                "4 processes of the fork server of ",
                setting.python("forkserver"),
                Setting.NO_PYTHON,
                StandbyStart::ours));
  }

  private static Line ours(Duel.Theirs theirs)
      throws IOException, ExecutionException, InterruptedException {
    ChildProcess.prepare(WORKERS, options -> options);
    try (ProcessStarts starts = new ProcessStarts(WORKERS, StartMode.STANDBY)) {
      return theirs.meet("4 processes", () -> processes(starts));
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
