package dev.procession.internal.codec;

import dev.procession.internal.segment.SharedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file of large arrays, one behind the other, handed over by its path and deleted by the parent.
 *
 * <p>Written and read with file operations, not mapped: a write to a full tmpfs is an exception
 * where a store would be SIGBUS, new pages are filled without having been cleared, and neither side
 * takes a page fault.
 */
public final class Blob {
  /** Arrays from this size on, in bytes, go to the blob. */
  static final int THRESHOLD = 32 * 1024;

  private static final String KIND = "blob";

  private final Path path;
  private long length;

  private Blob(Path path) {
    this.path = path;
  }

  static Blob create() {
    try {
      return new Blob(SharedFile.create(KIND));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The blob of another process.
   *
   * @throws NotDecodableException if the path is not one that a blob can have: what a peer names is
   *     going to be deleted
   */
  static Blob at(String path) {
    Path file;
    try {
      file = Path.of(path);
    } catch (InvalidPathException e) {
      throw new NotDecodableException("no path of a blob", e);
    }
    if (!SharedFile.isOurs(file, KIND)) {
      throw new NotDecodableException("no path of a blob: path=" + path);
    }
    return new Blob(file);
  }

  Path path() {
    return path;
  }

  /** Appends an array; returns its offset. */
  long append(MemorySegment array) {
    long offset = length;
    try {
      SharedFile.write(path, offset, array);
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(
              "no room for a large value: bytes=" + array.byteSize() + ", file=" + path, e));
    }
    length += array.byteSize();
    return offset;
  }

  /** How many bytes the blob has, 0 if it is gone. */
  long size() {
    return path.toFile().length();
  }

  void read(long offset, MemorySegment array) {
    try {
      SharedFile.read(path, offset, array);
    } catch (IOException e) {
      throw new NotDecodableException("large value is gone: file=" + path, e);
    }
  }

  public void delete() {
    SharedFile.delete(path);
  }
}
