package dev.procession.internal.segment;

import dev.procession.internal.os.Os;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of nothing but its users' bytes, under a name that people choose, where {@code
 * shm_open(3)} has its own.
 *
 * <p>Such a name does not say who has created the file, so it has two:
 *
 * <pre>
 *   procession-PID-START-SCOPE-N.memory ──┐
 *                                         ├──► the file
 *   NAME ─────────────────────────────────┘
 * </pre>
 *
 * <p>The first is made first, and its bytes are allocated under it; the second is a hard link. So
 * the name is there at once and whole, or not at all, and whoever sweeps the first finds the
 * second: it is the same file. A block that nobody names has the first only. A name that somebody
 * else has given to another file meanwhile is never deleted.
 *
 * @param path of the name
 * @param memory the whole file
 * @param key what tells the file from others, or null where the system does not
 * @param owned the creator's own name for it, or null if this process has not created it
 */
public record NamedBlock(
    Path path, MemorySegment memory, @Nullable Object key, @Nullable Path owned) {
  static final String KIND = "memory";

  /** In bytes; what {@code shm_open(3)} takes everywhere on Linux, and a little less. */
  private static final int LONGEST_NAME = 250;

  /**
   * Creates a block of zeros. If anything fails, nothing is left.
   *
   * @param name of it, or null for any
   * @param size in bytes
   * @param arena that unmaps it
   * @throws IllegalArgumentException if the name cannot be one
   * @throws FileAlreadyExistsException if there is one of that name
   * @throws IOException when there is no room for it
   */
  public static NamedBlock create(@Nullable String name, long size, Arena arena)
      throws IOException {
    Path folder = SegmentFolder.ofNames();
    Path path = name == null ? null : newPath(folder, name);
    if (path != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Path owned = SegmentFolder.createIn(folder, KIND, file -> SegmentFolder.allocate(file, size));
    boolean done = false;
    try {
      if (path != null) {
        link(path, owned);
      }
      NamedBlock block = map(path == null ? owned : path, owned, arena);
      done = true;
      return block;
    } finally {
      if (!done) {
        deleteNames(owned);
        SharedFile.delete(owned);
      }
    }
  }

  private static void link(Path path, Path owned) throws IOException {
    try {
      Files.createLink(path, owned);
    } catch (UnsupportedOperationException e) {
      throw new IOException("the file system has no hard links: folder=" + path.getParent(), e);
    }
  }

  /**
   * Maps the block of a name.
   *
   * @throws IllegalArgumentException if the name cannot be one
   * @throws NoSuchFileException if there is none
   * @throws IOException if it cannot be mapped, or is empty
   */
  public static NamedBlock attach(String name, Arena arena) throws IOException {
    return attach(path(SegmentFolder.ofNames(), name), arena);
  }

  /** Whether the file of a name is this user's own. */
  public static boolean isOwn(String name) throws IOException {
    return Os.current().isOwn(path(SegmentFolder.ofNames(), name));
  }

  /** Maps the block at a path, likewise. */
  public static NamedBlock attach(Path path, Arena arena) throws IOException {
    return map(path, null, arena);
  }

  private static NamedBlock map(Path path, @Nullable Path owned, Arena arena) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("no block of memory: file=" + path);
    }
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      long size = channel.size();
      if (size == 0) {
        throw new IOException("block is empty: just being created, or cut short: file=" + path);
      }
      MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      return new NamedBlock(path, memory, key(path), owned);
    }
  }

  /** What tells the file at a path from others, or null where the system does not. */
  public static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private static Path newPath(Path folder, String name) {
    if (name.startsWith(SegmentName.PREFIX)) {
      throw new IllegalArgumentException(
          "names with this prefix are Procession's own: name=" + name);
    }
    return path(folder, name);
  }

  private static Path path(Path folder, String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "name must have 1 to " + LONGEST_NAME + " bytes: bytes=" + length + ", name=" + name);
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("name must have no / and no NUL: name=" + name);
    }
    Path path = folder.resolve(name);
    if (name.equals(".") || name.equals("..") || !folder.equals(path.getParent())) {
      throw new IllegalArgumentException("name must be a file's: name=" + name);
    }
    return path;
  }

  /** The name. */
  public String name() {
    return String.valueOf(path.getFileName());
  }

  /**
   * Removes the name, if it still is this block's, and what else its creator has of it. Idempotent.
   *
   * @throws IOException if that is not allowed
   */
  public void unlink() throws IOException {
    try {
      if (Objects.equals(key, key(path))) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // that is what is wanted
    } finally {
      if (owned != null) {
        Files.deleteIfExists(owned);
      }
    }
  }

  /** Deletes the other names that a file has in its folder. */
  static void deleteNames(Path owned) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(owned.getParent())) {
      for (Path file : files) {
        if (!file.equals(owned) && isSame(file, owned)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isSame(Path file, Path owned) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isSameFile(file, owned);
    } catch (IOException e) {
      return false; // it has just gone
    }
  }
}
