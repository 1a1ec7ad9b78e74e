package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** What a worker without work takes: all its resident pages, and its share of them. */
final class IdleMemory implements Comparison {
  private static final double TARGET = 50;
  private static final double KIBIBYTES = 1024;
  private static final Duration IDLE = Duration.ofSeconds(1);

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    try (Pool pool = Pool.processes(1)) {
      long pid = pool.stats().workers().getFirst().pid();
      Thread.sleep(IDLE);
      List<Line> lines = new ArrayList<>(lines("idle worker, after its start", pid));
      Object _ = pool.submit(() -> null).get();
      Thread.sleep(IDLE);
      lines.addAll(lines("idle worker, after one no-op", pid));
      return lines;
    }
  }

  private static List<Line> lines(String what, long pid) throws IOException {
    return List.of(
        line(what + ": resident", read(pid, "status", "VmRSS:")),
        line(what + ": share (Pss)", read(pid, "smaps_rollup", "Pss:")));
  }

  private static Line line(String what, double mebibytes) {
    return Line.atMost(what, Measured.once("pool of 1", Unit.MEBIBYTES, mebibytes), TARGET);
  }

  /** MiB from a line such as {@code VmRSS: 43212 kB}; see proc(5). */
  private static double read(long pid, String file, String key) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/" + file))) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / KIBIBYTES;
      }
    }
    throw new IOException("no line: file=" + file + ", key=" + key);
  }
}
