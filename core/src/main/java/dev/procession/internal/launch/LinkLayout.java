package dev.procession.internal.launch;

import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.segment.SharedBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where things are in the segment between a parent and a worker, as offsets in bytes.
 *
 * <pre>
 *      0 ┌────────────────────────────────────────────┐
 *        │ magic, version of this layout    8 bytes   │ written by the parent before the start
 *      8 │ capacity of each ring            4 bytes   │
 *     12 │ longest spin in ns               4 bytes   │ written by the parent
 *     16 │ number of the last class reply   4 bytes   │ written by the parent
 *     20 │ item to be interrupted           4 bytes   │ written by the parent
 *     24 │ number of its chunk              8 bytes   │ written by the parent
 *     32 │ key of the program's processes   32 bytes  │ written before the start
 *    128 ├────────────────────────────────────────────┤
 *        │ items finished                   8 bytes   │ written by the worker
 *    136 │ nanoseconds busy                 8 bytes   │
 *    144 │ exit: 1 when its JVM shuts down  4 bytes   │
 *    152 │ peak of its memory in bytes      8 bytes   │
 *    160 │ since when its item runs, in ns  8 bytes   │ 0 if none does; of supervised chunks only
 *    168 │ its progress: done, total        16 bytes  │
 *    184 │ when it last reported, in ns     8 bytes   │ 0 if it has not
 *    192 │ heap used, in bytes              8 bytes   │ 0 if it has not looked
 *    200 │ nanoseconds of collectors        8 bytes   │ 0 if it has not looked
 *   4096 ├────────────────────────────────────────────┤
 *        │ ring from the parent to the worker         │
 *        ├────────────────────────────────────────────┤
 *        │ ring from the worker to the parent         │
 *        └────────────────────────────────────────────┘
 * </pre>
 *
 * Each word has one writer. The parent reads the worker's words also after its death.
 */
public final class LinkLayout {
  /** {@code "Process"} and the version of the layout and of the messages. */
  static final long MAGIC = 0x50_72_6f_63_65_73_73_03L;

  static final int RING_CAPACITY = 256 * 1024;

  static final int MAGIC_OFFSET = 0;
  static final int CAPACITY = 8;
  static final int SPIN_NANOS = 12;
  static final int CLASS_REPLY = 16;
  static final int INTERRUPTED_ITEM = 20;
  static final int INTERRUPTED_CHUNK = 24;
  static final int KEY = 32;
  static final int ITEMS_FINISHED = 128;
  static final int BUSY_NANOS = 136;
  static final int SHUTTING_DOWN = 144;
  static final int PEAK_MEMORY = 152;

  /**
   * By {@link System#nanoTime}, which counts from the same moment in all JVMs of a machine. Written
   * before the item is claimed.
   */
  static final int RUNNING_SINCE = 160;

  static final int PROGRESS_DONE = 168;
  static final int PROGRESS_TOTAL = 176;
  static final int PROGRESS_AT = 184;
  static final int HEAP = 192;
  static final int GC_NANOS = 200;

  private static final int RINGS = 4096;

  private LinkLayout() {}

  static int size() {
    return RINGS + 2 * OneToOneRing.size(RING_CAPACITY);
  }

  /** What the segment's file begins with. */
  static byte[] head() {
    return ByteBuffer.allocate(KEY + ProgramKey.LENGTH)
        .order(ByteOrder.nativeOrder())
        .putLong(MAGIC_OFFSET, MAGIC)
        .putInt(CAPACITY, RING_CAPACITY)
        .put(KEY, ProgramKey.get())
        .array();
  }

  /** Refuses a segment that another version, or something else, has made. */
  static void check(SharedBytes bytes) {
    if (bytes.size() < RINGS || bytes.getLongAcquire(MAGIC_OFFSET) != MAGIC) {
      throw new IllegalStateException(
          "not a segment of this version of Procession: parent and worker run different versions");
    }
  }

  static OneToOneRing toWorker(SharedBytes bytes) {
    return new OneToOneRing(bytes, RINGS, bytes.getInt(CAPACITY));
  }

  static OneToOneRing toParent(SharedBytes bytes) {
    int capacity = bytes.getInt(CAPACITY);
    return new OneToOneRing(bytes, RINGS + OneToOneRing.size(capacity), capacity);
  }
}
