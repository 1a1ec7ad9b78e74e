package dev.procession.internal.segment;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapped file that carries large values from one process to another, many times: making one costs
 * more than a copy (its pages are allocated, cleared and mapped), so it stays, mapped on both
 * sides, until it is not needed for a while.
 *
 * <pre>
 *   0 ┌─────────────────────────────────┐
 *     │ 1 in use, 0 free      4 bytes   │ taken by its creator only, freed by either side
 *  64 ├─────────────────────────────────┤
 *     │ data                            │
 *     └─────────────────────────────────┘
 * </pre>
 *
 * <p>Creator: {@link #take}, fill, hand over the path. Receiver: {@link #attach}, copy. Then the
 * one that is known to be the last {@link #free}s it. Thread-safe; the data is for one side at a
 * time.
 */
public final class Block {
  private static final String KIND = "block";
  private static final int HEADER = 64;
  private static final long SMALLEST = 64 * 1024;

  /** Free blocks are kept up to this many bytes. */
  private static final long KEPT_BYTES = 160L << 20;

  /** Mappings of other processes' blocks that are kept. */
  private static final int KEPT_MAPPINGS = 16;

  private static final int FREE = 0;
  private static final int IN_USE = 1;
  private static final VarHandle STATE = ValueLayout.JAVA_INT.varHandle();

  /** Blocks that this process has created. Guarded by itself. */
  private static final List<Block> CREATED = new ArrayList<>();

  /** Blocks of other processes, the longest unused first. Guarded by itself. */
  private static final Map<Path, Block> ATTACHED = new LinkedHashMap<>(16, 0.75f, true);

  private final Path path;
  private final MemorySegment memory;

  /** Whether none is kept that becomes free. */
  private static volatile boolean keepsNone;

  private Block(Path path, MemorySegment memory) {
    this.path = path;
    this.memory = memory;
  }

  /**
   * Takes a free block, or creates one.
   *
   * @param size of the data in bytes, at least
   * @throws IOException when there is no room for it
   */
  public static Block take(long size) throws IOException {
    keepsNone = false;
    synchronized (CREATED) {
      for (Block block : CREATED) {
        if (block.capacity() >= size && block.capacity() / 8 <= size && block.isFree()) {
          STATE.setVolatile(block.memory, 0L, IN_USE);
          return block;
        }
      }
      trim(KEPT_BYTES);
      Block block = create(Math.max(SMALLEST, Long.highestOneBit(2 * size - 1)));
      CREATED.add(block);
      return block;
    }
  }

  private static Block create(long capacity) throws IOException {
    Path path = SegmentFolder.create(KIND, file -> SegmentFolder.allocate(file, HEADER + capacity));
    Block block = new Block(path, Segment.map(path, Arena.ofAuto()));
    STATE.setVolatile(block.memory, 0L, IN_USE);
    return block;
  }

  /**
   * Deletes free blocks of this process beyond some bytes. Their memory is given back when the last
   * process that has it mapped lets go of it.
   */
  private static void trim(long keptBytes) {
    synchronized (CREATED) {
      long kept = 0;
      for (Iterator<Block> blocks = CREATED.iterator(); blocks.hasNext(); ) {
        Block block = blocks.next();
        if (block.isFree()) {
          kept += block.capacity();
          if (kept > keptBytes) {
            SharedFile.delete(block.path);
            blocks.remove();
          }
        }
      }
    }
  }

  /**
   * Maps a block of another process, or finds that it is mapped.
   *
   * @return the block, or null if the path is none that a block can have: a peer is not believed
   * @throws IOException when it is gone
   */
  public static @Nullable Block attach(Path path) throws IOException {
    if (!SharedFile.isOurs(path, KIND)) {
      return null;
    }
    synchronized (ATTACHED) {
      Block known = ATTACHED.get(path);
      if (known != null) {
        return known;
      }
      MemorySegment memory = Segment.map(path, Arena.ofAuto());
      if (memory.byteSize() < HEADER) {
        throw new IOException("block without a header: path=" + path);
      }
      Block block = new Block(path, memory);
      ATTACHED.put(path, block);
      if (ATTACHED.size() > KEPT_MAPPINGS) {
        ATTACHED.remove(ATTACHED.keySet().iterator().next());
      }
      return block;
    }
  }

  /**
   * Deletes all free blocks of this process, and until it takes the next one, those that become
   * free: what was sent to the last worker may be found to be lost later than it is gone.
   */
  public static void keepNone() {
    keepsNone = true;
    trim(0);
  }

  /** Forgets the mappings of blocks that a process had created which has ended. */
  public static void detach(long pid) {
    synchronized (ATTACHED) {
      ATTACHED
          .keySet()
          .removeIf(
              path -> {
                SegmentName name = SegmentName.parse(String.valueOf(path.getFileName()));
                return name != null && name.pid() == pid;
              });
    }
  }

  public Path path() {
    return path;
  }

  /** Bytes of data it can have. */
  public long capacity() {
    return memory.byteSize() - HEADER;
  }

  /** The data. */
  public MemorySegment data() {
    return memory.asSlice(HEADER);
  }

  private boolean isFree() {
    return (int) STATE.getVolatile(memory, 0L) == FREE;
  }

  /** Nobody will read the data any more. To be called once for each time it was taken. */
  public void free() {
    STATE.setVolatile(memory, 0L, FREE);
    if (keepsNone) {
      trim(0);
    }
  }
}
