package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.channel.Connection;
import dev.procession.channel.Pipe;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A small object sent to another process and back; against the same in CPython, four bytes through
 * pipes in C, and four bytes through what the JDK has.
 */
final class PipeRoundTrip implements Comparison {
  private static final String WHAT = "round trip of an Integer through a Pipe";
  private static final int TRIPS = 20_000;
  private static final double TARGET_C = 1.3;
  private static final double TARGET_PYTHON = 5;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    try (Contenders contenders = new Contenders();
        Pipe pipe = Pipe.open();
        ChildProcess<?> _ = echoing(pipe.second());
        Connection ours = pipe.first(); // closed first, as the process ends with it
        Echo pipes = Echo.throughPipes();
        Echo socket = Echo.throughSocket(setting.work().resolve("echo.socket"))) {
      pipe.second().close();
      contenders.add("Pipe", () -> trips(ours));
      contenders.add("pipes of a ProcessBuilder", () -> pipes.measure(TRIPS));
      contenders.add("Unix-domain socket of the JDK", () -> socket.measure(TRIPS));
      boolean hasC = contenders.add("pipes, ", setting.c("pipes"));
      boolean hasPython = contenders.add("Pipe of ", setting.python("pipe"));
      return lines(contenders.measure(5, setting.turns(25)), hasC, hasPython);
    }
  }

  private static List<Line> lines(List<Measured> measured, boolean hasC, boolean hasPython) {
    Measured ours = measured.getFirst();
    List<Line> lines = new ArrayList<>();
    lines.add(Line.forTheRecord(WHAT, ours, measured.get(1)));
    lines.add(Line.forTheRecord(WHAT, ours, measured.get(2)));
    lines.add(
        hasC
            ? Line.timesAsLong(WHAT, ours, measured.get(3), TARGET_C)
            : Line.skipped(WHAT, Setting.NO_COMPILER));
    lines.add(
        hasPython
            ? Line.timesAsFast(WHAT, ours, measured.getLast(), TARGET_PYTHON)
            : Line.skipped(WHAT, Setting.NO_PYTHON));
    return lines;
  }

  private static ChildProcess<?> echoing(Connection connection) {
    return ChildProcess.start(
        () -> {
          try {
            while (true) {
              connection.send(connection.receive());
            }
          } catch (EOFException e) {
            return; // all was measured
          }
        });
  }

  /** Nanoseconds of one. */
  private static double trips(Connection connection) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    for (int i = 0; i < TRIPS; i++) {
      connection.send(i);
      if (connection.receive(Integer.class) != i) {
        throw new IOException("another answer");
      }
    }
    return (double) (System.nanoTime() - begin) / TRIPS;
  }
}
