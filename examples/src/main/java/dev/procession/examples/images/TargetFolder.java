package dev.procession.examples.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where the results of a picture go: a folder for each kind, with files named as the pictures. */
final class TargetFolder {
  private TargetFolder() {}

  /** Makes the folders, so that the workers need not. */
  static void create(Path target) throws IOException {
    for (Kind kind : Kind.values()) {
      Files.createDirectories(target.resolve(kind.folder()));
    }
  }

  /** The file of a kind for a picture; all are JPEGs, and {@code a.png} is not {@code a.jpg}. */
  static Path file(Path target, Kind kind, String picture) {
    boolean named = picture.toLowerCase(Locale.ROOT).matches("(?s).*\\.jpe?g");
    return target.resolve(kind.folder()).resolve(named ? picture : picture + ".jpg");
  }

  /** What is made of a picture. */
  enum Kind {
    THUMBNAIL,
    GREY,
    COMPRESSED;

    String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
