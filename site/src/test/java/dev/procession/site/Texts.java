package dev.procession.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this repository. */
final class Texts {
  static final Path ROOT = Path.of(System.getProperty("procession.root"));

  private Texts() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A chapter of the guide, by its file's name. */
  static String chapter(String name) {
    return read(ROOT.resolve("docs/guide").resolve(name));
  }

  /** The files below a folder of the repository that end so. */
  static List<Path> find(String folder, String ending) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
