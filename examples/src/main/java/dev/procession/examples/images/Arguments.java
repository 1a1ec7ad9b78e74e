package dev.procession.examples.images;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the program was told.
 *
 * @param folder with the pictures, or null for those that the program makes itself
 * @param workers how many, at least 1
 * @param out where to, or null for a folder in that of the pictures
 * @param compares whether the work is to be done again in one worker
 * @param help whether only the usage was asked for
 */
record Arguments(
    @Nullable Path folder, int workers, @Nullable Path out, boolean compares, boolean help) {
  static final String USAGE =
      """
      Usage: ./run images [FOLDER] [--workers N] [--out FOLDER] [--no-comparison]

        FOLDER           JPEG and PNG files; by default some that the program makes once
        --workers N      processes that share the work; by default one per processor
        --out FOLDER     where the results go; by default the folder "converted" in FOLDER
        --no-comparison  do not do the work again in one worker to compare the time
      """;

  static Arguments parse(String... args) throws UsageException {
    Path folder = null;
    int workers = Runtime.getRuntime().availableProcessors();
    Path out = null;
    boolean compares = true;
    boolean help = false;
    Iterator<String> rest = List.of(args).iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      switch (argument) {
        case "--help", "-h" -> help = true;
        case "--no-comparison" -> compares = false;
        case "--workers" -> workers = count(valueOf(argument, rest));
        case "--out" -> out = path(valueOf(argument, rest));
        default -> {
          if (argument.startsWith("-")) {
            throw new UsageException("no such option: " + argument);
          }
          if (folder != null) {
            throw new UsageException("more than one folder: " + folder + " and " + argument);
          }
          folder = path(argument);
        }
      }
    }
    return new Arguments(folder, workers, out, compares, help);
  }

  private static String valueOf(String option, Iterator<String> rest) throws UsageException {
    if (!rest.hasNext()) {
      throw new UsageException("nothing behind " + option);
    }
    return rest.next();
  }

  private static int count(String text) throws UsageException {
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new UsageException("not a number of workers: " + text);
    }
    return Integer.parseInt(text);
  }

  private static Path path(String text) throws UsageException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UsageException("not a folder: " + e.getMessage());
    }
  }
}
