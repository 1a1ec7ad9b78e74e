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
  private static final int NONE = -1;

  private final String description;
  private final AtomicReferenceArray<@Nullable Outcome> slots;
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
  public void ended(int index, Outcome outcome) {
    slots.setRelease(index & mask, outcome);
    if (dropped) {
      outcome.discard();
    }
  }

  @Override
  public void show() {
    VarHandle.fullFence();
    int index = awaited;
    if (index != NONE && slots.get(index & mask) != null) {
      LockSupport.unpark(taker);
    }
  }

  /** Takes and reads the next outcome, waiting for it. */
  Outcome take() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(); // as any method that may wait, also where it need not
    }
    int slot = taken & mask;
    Outcome outcome = slots.get(slot);
    if (outcome == null) {
      outcome = await(slot);
    }
    slots.setRelease(slot, null);
    taken++;
    return outcome.read();
  }

  private Outcome await(int slot) throws InterruptedException {
    taker = Thread.currentThread();
    awaited = taken;
    try {
      Outcome outcome = slots.get(slot);
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
    for (int item = taken; item < submitted; item++) {
      Outcome outcome = slots.get(item & mask);
      if (outcome != null) {
        outcome.discard();
      }
    }
  }

  @Override
  public boolean isDropped() {
    return dropped;
  }
}
