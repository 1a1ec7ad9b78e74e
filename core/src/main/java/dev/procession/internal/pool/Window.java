package dev.procession.internal.pool;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes in the order of their items; at most as many as the window is wide are submitted and not
 * taken.
 *
 * <p>A reader puts outcomes into their items' slots, then looks whether the taker waits for one
 * that is there; the taker says what it waits for, then looks into its slot. There is a full fence
 * between the two on both sides, so one sees the other.
 */
final class Window extends Collector {
  private static final int NONE = -1;

  private final AtomicReferenceArray<@Nullable Outcome> slots;
  private final int mask;

  /** The item that the taker waits for. */
  private volatile int awaited = NONE;

  private volatile @Nullable Thread taker;

  /** A window of at least that width. */
  Window(String description, int width) {
    super(description);
    int length = Integer.highestOneBit(Math.max(2 * width - 1, 1));
    this.slots = new AtomicReferenceArray<>(length);
    this.mask = length - 1;
  }

  @Override
  int submit(int count) {
    int first = super.submit(count);
    if (untaken() > slots.length()) {
      throw new IllegalStateException("window is too narrow: width=" + slots.length());
    }
    return first;
  }

  @Override
  public void ended(int index, Outcome outcome) {
    slots.setRelease(index & mask, outcome);
    if (isDropped()) {
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

  @Override
  Outcome await(long nanos) throws InterruptedException, TimeoutException {
    if (Thread.interrupted()) {
      throw new InterruptedException(); // as any method that may wait, also where it need not
    }
    int slot = taken() & mask;
    Outcome outcome = slots.get(slot);
    if (outcome == null) {
      outcome = await(slot, nanos);
    }
    slots.setRelease(slot, null);
    return outcome;
  }

  private Outcome await(int slot, long nanos) throws InterruptedException, TimeoutException {
    long start = System.nanoTime();
    taker = Thread.currentThread();
    awaited = taken();
    try {
      Outcome outcome = slots.get(slot);
      while (outcome == null) {
        long left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
        if (left <= 0) {
          throw new TimeoutException("no result in time");
        }
        LockSupport.parkNanos(this, left);
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

  @Override
  void discardUntaken() {
    for (int item = taken(); item < taken() + untaken(); item++) {
      Outcome outcome = slots.get(item & mask);
      if (outcome != null) {
        outcome.discard();
      }
    }
  }
}
