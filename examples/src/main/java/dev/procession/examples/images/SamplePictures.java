package dev.procession.examples.images;

import dev.procession.Pool;
import dev.procession.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The pictures for who has none at hand: made once, always the same, and kept. */
final class SamplePictures {
  private static final int COUNT = 40;
  private static final float QUALITY = 0.92F;

  /** Of the longer side; the other is two thirds of it. */
  private static final int[] SIZES = {2160, 2592, 3000};

  private SamplePictures() {}

  /** Makes those that are missing. */
  static Path provide(int workers, PrintStream out, PrintStream err) throws IOException {
    Path folder = place();
    List<Integer> missing =
        IntStream.rangeClosed(1, COUNT)
            .filter(number -> !Files.exists(folder.resolve(name(number))))
            .boxed()
            .toList();
    if (!missing.isEmpty()) {
      out.println("Making " + missing.size() + " pictures in " + folder + ", this once");
      make(missing, folder, workers, out, err);
    }
    return folder;
  }

  private static void make(
      List<Integer> numbers, Path folder, int workers, PrintStream out, PrintStream err) {
    String target = folder.toString();
    try (Progress progress = new Progress("make", numbers.size(), out, err);
        Pool pool = Batch.open("painters", workers);
        Results<String> made = pool.imap(number -> make(number, Path.of(target)), numbers)) {
      made.forEachRemaining(_ -> progress.step());
    }
  }

  private static String make(int number, Path folder) throws IOException {
    int longer = SIZES[number % SIZES.length];
    int shorter = longer * 2 / 3;
    boolean upright = number % 5 == 0;
    String name = name(number);
    Landscape landscape =
        new Landscape(number, upright ? shorter : longer, upright ? longer : shorter);
    if (name.endsWith(".png")) {
      PictureFiles.writePng(landscape.paint(), folder.resolve(name));
    } else {
      PictureFiles.writeJpeg(landscape.paint(), QUALITY, folder.resolve(name));
    }
    return name;
  }

  private static String name(int number) {
    return String.format(Locale.ROOT, "picture-%02d.%s", number, number % 12 == 7 ? "png" : "jpg");
  }

  /** The user's cache, or the folder for temporary files if that cannot be written. */
  private static Path place() throws IOException {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path cache =
        configured == null || configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    Path folder = cache.resolve("procession").resolve("pictures");
    try {
      Files.createDirectories(folder);
      if (Files.isWritable(folder)) {
        return folder;
      }
    } catch (IOException e) {
      // as if it could not be written
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "procession-pictures");
    return Files.createDirectories(temporary);
  }
}
