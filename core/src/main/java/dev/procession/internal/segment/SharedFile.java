package dev.procession.internal.segment;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in a segment folder that are written and read rather than mapped. Thread-safe. */
public final class SharedFile {
  /** The JDK copies through a buffer of this kind anyway; this one stays in the cache. */
  private static final int CHUNK = 256 * 1024;

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

  /**
   * Writes memory at an offset.
   *
   * @throws IOException when there is no room
   */
  public static void write(Path path, long offset, MemorySegment memory) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(offset);
      if (memory.heapBase().orElse(null) instanceof byte[] array
          && array.length == memory.byteSize()) {
        file.write(array);
        return;
      }
      byte[] chunk = new byte[(int) Math.min(CHUNK, memory.byteSize())];
      for (long done = 0; done < memory.byteSize(); ) {
        int length = (int) Math.min(chunk.length, memory.byteSize() - done);
        MemorySegment.copy(memory, done, MemorySegment.ofArray(chunk), 0, length);
        file.write(chunk, 0, length);
        done += length;
      }
    }
  }

  /**
   * Fills memory from an offset.
   *
   * @throws IOException when the file is gone or too short
   */
  public static void read(Path path, long offset, MemorySegment memory) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(offset);
      if (memory.heapBase().orElse(null) instanceof byte[] array
          && array.length == memory.byteSize()) {
        file.readFully(array);
        return;
      }
      byte[] chunk = new byte[(int) Math.min(CHUNK, memory.byteSize())];
      for (long done = 0; done < memory.byteSize(); ) {
        int length = file.read(chunk, 0, (int) Math.min(chunk.length, memory.byteSize() - done));
        if (length < 0) {
          throw new EOFException("file too short: file=" + path);
        }
        MemorySegment.copy(MemorySegment.ofArray(chunk), 0, memory, done, length);
        done += length;
      }
    }
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
