package dev.procession.internal.pool;

import dev.procession.TaskFailedException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of a job's items as they come in: where one thread, that submits items and takes
 * results, meets the readers. Items are numbered from 0 in the order of submission; at most as many
 * as the window is wide are submitted and not taken.
 *
 * <p>A reader puts outcomes into their items' slots, then looks whether the taker waits for one
 * that is there; the taker says what it waits for, then looks into its slot. There is a full fence
 * between the two on both sides, so one sees the other.
 */
final class Window implements Work {
  /** Stands for a value in a slot, as null stands for nothing yet. */
  private static final Object NULL = new Object();

  /** Stands for a failure in a slot. */
  record Failed(Throwable failure) {}

  private static final int NONE = -1;

  private final String description;
  private final AtomicReferenceArray<@Nullable Object> slots;
  private final int mask;
  private volatile boolean dropped;

  /** The item that the taker waits for. */
  private volatile int awaited = NONE;

  private volatile @Nullable Thread taker;

  // of the thread that submits and takes
  private int submitted;
  private int taken;

  /** A window of at least that width. */
  Window(String description, int width) {
    this.description = description;
    int length = Integer.highestOneBit(Math.max(2 * width - 1, 1));
    this.slots = new AtomicReferenceArray<>(length);
    this.mask = length - 1;
  }

  @Override
  public String describe(int index) {
    return description + " item " + index;
  }

  /** Makes room for items that are about to be submitted; returns the first one's number. */
  int submit(int count) {
    int first = submitted;
    submitted += count;
    if (submitted - taken > slots.length()) {
      throw new IllegalStateException("window is too narrow: width=" + slots.length());
    }
    return first;
  }

  /** Items submitted whose outcome was not taken. */
  int untaken() {
    return submitted - taken;
  }

  @Override
  public void succeeded(int index, @Nullable Object value) {
    arrived(index, value == null ? NULL : value);
  }

  @Override
  public void failed(int index, Throwable failure) {
    arrived(index, new Failed(failure));
  }

  private void arrived(int index, Object outcome) {
    slots.setRelease(index & mask, outcome);
  }

  @Override
  public void show() {
    VarHandle.fullFence();
    int index = awaited;
    if (index != NONE && slots.get(index & mask) != null) {
      LockSupport.unpark(taker);
    }
  }

  /** Takes the next outcome, waiting for it: the value, or a {@link Failed}. */
  @SuppressWarnings("ReferenceEquality") // a marker is itself
  @Nullable Object take() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(); // as any method that may wait, also where it need not
    }
    int slot = taken & mask;
    Object outcome = slots.get(slot);
    if (outcome == null) {
      outcome = await(slot);
    }
    slots.setRelease(slot, null);
    taken++;
    return outcome == NULL ? null : outcome;
  }

  private Object await(int slot) throws InterruptedException {
    taker = Thread.currentThread();
    awaited = taken;
    try {
      Object outcome = slots.get(slot);
      while (outcome == null) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        outcome = slots.get(slot);
      }
      return outcome;
    } finally {
      awaited = NONE;
      taker = null;
    }
  }

  /** A failure as it leaves a method that cannot throw checked exceptions. */
  static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new TaskFailedException(failure);
  }

  /** Nobody will take the rest. */
  void drop() {
    dropped = true;
  }

  @Override
  public boolean isDropped() {
    return dropped;
  }
}
