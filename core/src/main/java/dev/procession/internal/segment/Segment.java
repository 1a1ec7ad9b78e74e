package dev.procession.internal.segment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A block of memory that every process may map which knows its file's path. Its blocks exist from
 * the start, see {@link SegmentFolder#allocate}.
 *
 * <p>The creator removes the name, once all who need it have attached; mappings stay valid until
 * they are closed or their process ends. After {@link #close} an access is an {@link
 * IllegalStateException}, never a crash. Thread-safe.
 */
public final class Segment implements AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final SharedBytes bytes;

  private Segment(Path path, Arena arena, SharedBytes bytes) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * Makes the file of a segment: the head, then zeros. Cheap in a JVM that has mapped nothing yet,
   * unlike {@link #attach}.
   *
   * @throws IOException when there is no room; nothing is left
   */
  public static Path createFile(String kind, byte[] head, long size) throws IOException {
    return SegmentFolder.create(
        kind,
        file -> {
          file.write(head);
          SegmentFolder.allocate(file, size - head.length);
        });
  }

  /**
   * Makes the file of a segment that belongs to another one and lies beside it: all zeros. Replaces
   * one that is there.
   *
   * @throws IOException when there is no room; nothing is left
   */
  public static void createFile(Path path, long size) throws IOException {
    SegmentFolder.fill(path, file -> SegmentFolder.allocate(file, size));
  }

  /**
   * Makes a file that belongs to a segment and lies beside it, and is read rather than mapped.
   * Replaces one that is there.
   *
   * @throws IOException when there is no room; nothing is left
   */
  public static void writeFile(Path path, byte[] content) throws IOException {
    SegmentFolder.fill(path, file -> file.write(content));
  }

  /**
   * Maps the segment at a path.
   *
   * @throws IOException when there is none, or it cannot be mapped
   */
  public static Segment attach(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new Segment(path, arena, new SharedBytes(map(path, arena)));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Maps a whole file, which has to be there. */
  public static MemorySegment map(Path path, Arena arena) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
    }
  }

  public SharedBytes bytes() {
    return bytes;
  }

  public Path path() {
    return path;
  }

  /** Removes the name; does nothing when it is gone. */
  public void unlink() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unmaps the memory; does not remove the name. Idempotent. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
