package dev.procession.internal.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in a segment folder that are written and read rather than mapped. Thread-safe. */
public final class SharedFile {
  private SharedFile() {}

  /** Creates an empty file. */
  public static Path create(String kind) throws IOException {
    return SegmentFolder.create(kind, file -> {});
  }

  /** Whether a file of that path can have been made by {@link #create} in some process. */
  public static boolean isOurs(Path path, String kind) {
    SegmentName name = SegmentName.parse(String.valueOf(path.getFileName()));
    return name != null
        && name.kind().equals(kind)
        && SegmentFolder.folders().contains(path.getParent());
  }

  /** Deletes a file; one that is gone, or cannot be deleted now, is left to the sweep. */
  public static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      return; // swept when this process has ended
    }
  }
}
