package dev.procession.examples.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with a line for each picture, for other programs: what is known of it but its pixels. */
final class PictureList {
  static final String NAME = "pictures.tsv";

  private PictureList() {}

  static void write(Path target, List<Outcome> outcomes) throws IOException {
    List<String> lines = outcomes.stream().map(PictureList::line).toList();
    Files.write(target.resolve(NAME), lines);
  }

  private static String line(Outcome outcome) {
    return switch (outcome) {
      case ConvertedPicture picture ->
          String.join(
              "\t",
              picture.name(),
              String.valueOf(picture.width()),
              String.valueOf(picture.height()),
              String.valueOf(picture.sharpness()));
      case FailedPicture picture -> picture.name() + "\tfailed";
    };
  }
}
