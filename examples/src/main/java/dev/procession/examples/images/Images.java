package dev.procession.examples.images;

import dev.procession.ProcessionException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Converts a folder of pictures, in a pool of processes and then in a single one, and tells how
 * both went. A picture that cannot be read costs itself only, and so does a worker that is killed.
 */
public final class Images {
  private static final int ALL_FAILED = 1;
  private static final int BAD_USAGE = 2;

  private Images() {}

  /** The program; its exit code is 0, or 1 if no picture could be converted, or 2 on bad usage. */
  public static void main(String... args) {
    System.setProperty("java.awt.headless", "true");
    System.exit(run(System.out, System.err, args));
  }

  /** The program, without ending this process: returns the exit code. */
  static int run(PrintStream out, PrintStream err, String... args) {
    try {
      Arguments arguments = Arguments.parse(args);
      if (arguments.help()) {
        out.print(Arguments.USAGE);
        return 0;
      }
      return convert(arguments, out, err);
    } catch (UsageException e) {
      err.println("images: " + e.getMessage());
      err.print(Arguments.USAGE);
      return BAD_USAGE;
    } catch (IOException | ProcessionException e) {
      err.println("images: " + e);
      return ALL_FAILED;
    }
  }

  private static int convert(Arguments arguments, PrintStream out, PrintStream err)
      throws IOException, UsageException {
    int workers = arguments.workers();
    Path folder = arguments.folder();
    if (folder == null) {
      folder = SamplePictures.provide(workers, out, err);
    }
    List<Path> pictures = picturesIn(folder);
    Path target = arguments.out() == null ? folder.resolve("converted") : arguments.out();
    TargetFolder.create(target);
    out.println(pictures.size() + " pictures of " + folder + " to " + target);

    Batch parallel;
    try (Progress progress = new Progress("convert", pictures.size(), out, err)) {
      parallel = Batch.run(pictures, target, workers, progress);
    }
    Report report = new Report(out);
    report.print(parallel.outcomes());
    report.print(parallel.workers(), parallel.retries());
    PictureList.write(target, parallel.outcomes());
    report.time(workers, parallel.time());
    if (arguments.compares()) {
      report.comparison(sequential(pictures, target, out, err), parallel.time());
    }
    boolean any = report.failures(parallel.outcomes());
    return any ? 0 : ALL_FAILED;
  }

  /**
   * The same work in one worker: started alike, with the same options, and as cold as the others
   * were. This process would not do: its collector and its settings are others.
   */
  private static Duration sequential(
      List<Path> pictures, Path target, PrintStream out, PrintStream err) {
    try (Progress progress = new Progress("one worker", pictures.size(), out, err)) {
      return Batch.run(pictures, target, 1, progress).time();
    }
  }

  private static List<Path> picturesIn(Path folder) throws IOException, UsageException {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("no such folder: " + folder);
    }
    List<Path> pictures;
    try (Stream<Path> files = Files.list(folder)) {
      pictures =
          files
              .filter(file -> file.toString().matches("(?is).*\\.(jpe?g|png)"))
              .filter(file -> !Files.isDirectory(file))
              .sorted()
              .toList();
    }
    if (pictures.isEmpty()) {
      throw new UsageException("no JPEG or PNG files in the folder " + folder);
    }
    return pictures;
  }
}
