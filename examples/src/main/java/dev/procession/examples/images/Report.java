package dev.procession.examples.images;

import dev.procession.WorkerStats;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What the program has to say at its end. */
final class Report {
  private static final int MOST_ROWS = 40;
  private static final double BYTES_PER_KB = 1000;
  private static final double BYTES_PER_MIB = 1 << 20;

  private static final String TIME = "%-36s %6.1f s%n";

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  /** A row for each picture, or for the first of them if there are very many. */
  void print(List<Outcome> outcomes) {
    Table table =
        new Table(
            "picture",
            "size",
            "kB",
            "thumbnail",
            "grey",
            "compressed",
            "sharpness",
            "ms",
            "worker");
    for (Outcome outcome : outcomes.subList(0, Math.min(outcomes.size(), MOST_ROWS))) {
      switch (outcome) {
        case ConvertedPicture picture -> add(table, picture);
        case FailedPicture picture -> table.add(picture.name(), "failed: " + picture.reason());
      }
    }
    if (outcomes.size() > MOST_ROWS) {
      table.add("... and " + (outcomes.size() - MOST_ROWS) + " more, see " + PictureList.NAME, "");
    }
    table.print(out);
  }

  private static void add(Table table, ConvertedPicture picture) {
    table.add(
        picture.name(),
        picture.width() + "x" + picture.height(),
        kilobytes(picture.bytes()),
        kilobytes(picture.thumbnailBytes()),
        kilobytes(picture.greyBytes()),
        kilobytes(picture.compressedBytes()),
        String.valueOf(Math.round(picture.sharpness())),
        String.valueOf(picture.millis()),
        picture.worker());
  }

  /** A row for each worker. */
  void print(List<WorkerStats> workers, int retries) {
    Table table = new Table("worker", "pid", "tasks", "busy", "peak memory", "");
    for (WorkerStats worker : workers) {
      table.add(
          worker.name(),
          String.valueOf(worker.pid()),
          String.valueOf(worker.tasks()),
          Math.round(100 * worker.utilization()) + " %",
          worker.memory().peakResident() < 0
              ? "unknown"
              : Math.round(worker.memory().peakResident() / BYTES_PER_MIB) + " MiB",
          worker.alive() ? "" : "died");
    }
    table.print(out);
    if (retries > 0) {
      out.println("retries: " + retries);
    }
  }

  void time(int workers, Duration time) {
    out.println();
    out.printf(Locale.ROOT, TIME, "in parallel, workers: " + workers, seconds(time));
  }

  void comparison(Duration sequential, Duration parallel) {
    out.printf(Locale.ROOT, TIME, "in sequence, in one worker like them", seconds(sequential));
    out.println("  (the same pictures; both from the start of the workers, so with cold JVMs)");
    double speedUp = seconds(sequential) / seconds(parallel);
    out.printf(Locale.ROOT, "%-36s %7.2f%n", "speed-up", speedUp);
  }

  /** Names the pictures that have failed; returns whether any has not. */
  boolean failures(List<Outcome> outcomes) {
    List<FailedPicture> failed =
        outcomes.stream()
            .filter(FailedPicture.class::isInstance)
            .map(FailedPicture.class::cast)
            .toList();
    out.println();
    out.println("failed: " + failed.size() + " of " + outcomes.size());
    for (FailedPicture picture : failed) {
      out.println("  " + picture.name() + ": " + picture.reason());
    }
    return failed.size() < outcomes.size();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static String kilobytes(long bytes) {
    return String.valueOf(Math.round(bytes / BYTES_PER_KB));
  }
}
