package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.channel.Connection;
import dev.procession.channel.Pipe;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * A small object sent to another process and back; against the same in CPython, and four bytes
 * through pipes in C.
 */
final class PipeRoundTrip implements Comparison {
  private static final int TRIPS = 20_000;
  private static final double TARGET_C = 1.3;
  private static final double TARGET_PYTHON = 5;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "round trip of an Integer through a Pipe";
    List<Line> lines = new ArrayList<>();
    try (Pipe pipe = Pipe.open();
        ChildProcess<?> _ = echoing(pipe.second())) {
      pipe.second().close();
      Contender ours = new Contender("Pipe", () -> trips(pipe.first()));
      Optional<Peer> c = setting.c("pipes");
      if (c.isPresent()) {
        try (Peer peer = c.get()) {
          List<Measured> medians = run(setting, ours, "pipes, " + peer.description(), peer);
          lines.add(Line.timesAsLong(what, medians.getFirst(), medians.getLast(), TARGET_C));
        }
      } else {
        lines.add(Line.skipped(what, Setting.NO_COMPILER));
      }
      Optional<Peer> python = setting.python("pipe");
      if (python.isPresent()) {
        try (Peer peer = python.get()) {
          List<Measured> medians = run(setting, ours, "Pipe of " + peer.description(), peer);
          lines.add(Line.timesAsFast(what, medians.getFirst(), medians.getLast(), TARGET_PYTHON));
        }
      } else {
        lines.add(Line.skipped(what, Setting.NO_PYTHON));
      }
      pipe.first().close();
    }
    return lines;
  }

  private static List<Measured> run(Setting setting, Contender ours, String theirs, Peer peer)
      throws IOException, ExecutionException, InterruptedException {
    return Interleaved.run(10, setting.turns(25), List.of(ours, new Contender(theirs, peer::ask)));
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
  private static double trips(Connection connection) throws IOException {
    try {
      long begin = System.nanoTime();
      for (int i = 0; i < TRIPS; i++) {
        connection.send(i);
        if (connection.receive(Integer.class) != i) {
          throw new IOException("another answer");
        }
      }
      return (double) (System.nanoTime() - begin) / TRIPS;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
