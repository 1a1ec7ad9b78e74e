package dev.procession.internal.codec;

import dev.procession.internal.segment.Block;
import dev.procession.internal.segment.ByteCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The large arrays of a frame, one behind the other, in a {@link Block} that is handed over by its
 * path. The parent frees it, on whichever side it was filled: it knows when nobody needs it.
 */
final class Blob implements Attachment {
  /** Arrays from this size on, in bytes, go to the blob. */
  static final int THRESHOLD = 32 * 1024;

  private Block block;
  private long length;
  private final AtomicBoolean freed = new AtomicBoolean();

  private Blob(Block block) {
    this.block = block;
  }

  /** A blob to be filled, with room for a first array. */
  static Blob create(long size) {
    return new Blob(take(size));
  }

  private static Block take(long size) {
    try {
      return Block.take(size);
    } catch (IOException e) {
      throw new UncheckedIOException("no room for a large value: bytes=" + size, e);
    }
  }

  /**
   * The blob that another process has filled.
   *
   * @throws NotDecodableException if there is none at the path
   */
  static Blob at(String path) {
    try {
      Block block = Block.attach(Path.of(path));
      if (block == null) {
        throw new NotDecodableException("no path of a blob: path=" + path);
      }
      return new Blob(block);
    } catch (IOException | InvalidPathException e) {
      throw new NotDecodableException("large value is gone: file=" + path, e);
    }
  }

  Path path() {
    return block.path();
  }

  /** Appends an array; returns its offset. */
  long append(MemorySegment array) {
    long offset = length;
    long needed = offset + array.byteSize();
    if (needed > block.capacity()) {
      Block larger = take(needed);
      ByteCopy.copy(block.data(), 0, larger.data(), 0, offset);
      block.free();
      block = larger;
    }
    ByteCopy.copy(array, 0, block.data(), offset, array.byteSize());
    length = needed;
    return offset;
  }

  /** The most bytes it can have. */
  long capacity() {
    return block.capacity();
  }

  void read(long offset, MemorySegment array) {
    ByteCopy.copy(block.data(), offset, array, 0, array.byteSize());
  }

  /** Nobody will read it any more. Idempotent, as the block may soon have another value. */
  @Override
  public void free() {
    if (freed.compareAndSet(false, true)) {
      block.free();
    }
  }
}
