package dev.procession.internal.launch;

import dev.procession.internal.segment.SharedBytes;
import java.lang.invoke.VarHandle;

/**
 * A chunk: items that a worker runs one after the other, where they lie in its ring, until the
 * parent takes some of them back.
 *
 * <pre>
 *    0 ┌──────────────────────────────────────┐
 *      │ number of the chunk        8 bytes   │
 *    8 │ number of its function     8 bytes   │
 *   16 │ operation                  4 bytes   │
 *   20 │ items                      4 bytes   │
 *   24 │ claimed: items begun       4 bytes   │ written by the worker
 *   28 │ limit: items to be begun   4 bytes   │ written by the parent
 *   32 │ 1 if prompt, 2 supervised  4 bytes   │
 *   40 ├──────────────────────────────────────┤
 *      │ frame of each item                   │
 *      └──────────────────────────────────────┘
 * </pre>
 *
 * <b>Prompt.</b> The outcome of an item is published when the item has ended. If the chunk is
 * prompt, the parent is woken for each; otherwise for each so many, and at the chunk's end.
 *
 * <p><b>Supervised.</b> The worker says when it begins an item and when none is running any more,
 * and items can be interrupted.
 *
 * <p><b>Taking back.</b> The worker begins item {@code i} by writing {@code claimed = i + 1}, then
 * looks at the limit; if the item is not below it, it does not run it, and ends the chunk saying
 * so. The parent lowers the limit, then looks at what is claimed. With a full fence between the
 * steps on both sides, at least one sees the other: an item at or above both the new limit and what
 * the parent saw claimed will never be begun. The one item between, if there is one, is decided by
 * the worker and known at the chunk's end. So every item runs at most once, and after the worker's
 * death the claimed word tells which one it was running.
 */
public final class ChunkLayout {
  /** The item is a {@code Callable}. */
  public static final int CALL = 0;

  /** The chunk's function is applied to the item. */
  public static final int APPLY = 1;

  /** The chunk's function is applied to key and value of the item, a {@code Map.Entry}. */
  public static final int APPLY_PAIR = 2;

  /** The chunk's function, a {@code Runnable} or so, is run; the item does not matter. */
  public static final int RUN = 3;

  public static final int ITEMS = 40;

  private static final int NUMBER = 0;
  private static final int FUNCTION = 8;
  private static final int OPERATION = 16;
  private static final int COUNT = 20;
  private static final int CLAIMED = 24;
  private static final int LIMIT = 28;
  private static final int FLAGS = 32;

  private static final int PROMPT = 1;
  private static final int SUPERVISED = 2;

  private final SharedBytes bytes;
  private final int body;

  /** Where the ring has the record, for the parent. */
  private final long position;

  ChunkLayout(SharedBytes bytes, int body, long position) {
    this.bytes = bytes;
    this.body = body;
    this.position = position;
  }

  long position() {
    return position;
  }

  void initialize(
      long number, long function, int operation, boolean prompt, boolean supervised, int count) {
    bytes.putLong(body + NUMBER, number);
    bytes.putLong(body + FUNCTION, function);
    bytes.putInt(body + OPERATION, operation);
    bytes.putInt(body + COUNT, count);
    bytes.putInt(body + CLAIMED, 0);
    bytes.putInt(body + LIMIT, count);
    bytes.putInt(body + FLAGS, (prompt ? PROMPT : 0) | (supervised ? SUPERVISED : 0));
  }

  public long number() {
    return bytes.getLong(body + NUMBER);
  }

  public long function() {
    return bytes.getLong(body + FUNCTION);
  }

  public int operation() {
    return bytes.getInt(body + OPERATION);
  }

  public boolean prompt() {
    return (bytes.getInt(body + FLAGS) & PROMPT) != 0;
  }

  public boolean supervised() {
    return (bytes.getInt(body + FLAGS) & SUPERVISED) != 0;
  }

  public int count() {
    return bytes.getInt(body + COUNT);
  }

  /** Worker: begins an item; false if the parent has taken it back. */
  public boolean claim(int item) {
    bytes.putInt(body + CLAIMED, item + 1);
    VarHandle.fullFence();
    return item < bytes.getInt(body + LIMIT);
  }

  /** Parent: items that the worker has begun, or is deciding about. */
  public int claimed() {
    return bytes.getIntAcquire(body + CLAIMED);
  }

  /**
   * Parent: takes back the items from {@code limit} on that have not been begun.
   *
   * @return the first item that is surely taken back
   */
  public int lower(int limit) {
    bytes.putInt(body + LIMIT, limit);
    VarHandle.fullFence();
    return Math.max(limit, claimed());
  }
}
