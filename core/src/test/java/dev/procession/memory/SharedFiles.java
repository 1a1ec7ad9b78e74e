package dev.procession.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.os.Os;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of what this process shares. */
final class SharedFiles {
  private SharedFiles() {}

  /** Those of a kind. */
  static List<Path> ofKind(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(Os.current().segmentFolders().getFirst())) {
      String ours = "procession-" + ProcessHandle.current().pid() + "-";
      return files
          .filter(file -> file.getFileName().toString().startsWith(ours))
          .filter(file -> file.toString().endsWith(suffix))
          .toList();
    }
  }

  /** Has the only file of a kind overwritten, as by another program. */
  static void overwrite(String suffix, long offset, int word) throws IOException {
    assertThat(ofKind(suffix)).hasSize(1);
    try (var file = new RandomAccessFile(ofKind(suffix).getFirst().toFile(), "rw")) {
      boolean bigEndian = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
      file.seek(offset);
      file.writeInt(bigEndian ? word : Integer.reverseBytes(word));
    }
  }
}
