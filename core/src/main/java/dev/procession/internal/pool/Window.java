package dev.procession.internal.pool;

import dev.procession.TaskFailedException;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of a job's items as they come in, and a bound on how many are under way: where the
 * thread that submits items, and takes results, meets the readers. Items are numbered from 0 in the
 * order of submission, and kept in a ring that grows to what is under way at once.
 */
final class Window implements Work {
  private final String description;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  // guarded by the lock
  private @Nullable Object[] outcomes = new @Nullable Object[64];
  private int submitted;
  private int finished;
  private int taken;
  private boolean dropped;

  /** Somebody waits until no more than this are under way. */
  private int awaited = -1;

  /** Stands for a value in the ring, as null stands for nothing yet. */
  private static final Object NULL = new Object();

  /** Stands for a failure in the ring. */
  record Failed(Throwable failure) {}

  Window(String description) {
    this.description = description;
  }

  @Override
  public String describe(int index) {
    return description + " item " + index;
  }

  /** Makes room for items that are about to be submitted; returns the first one's number. */
  int submit(int count) {
    lock.lock();
    try {
      int first = submitted;
      submitted += count;
      if (submitted - taken > outcomes.length) {
        grow();
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void grow() {
    int length = Integer.highestOneBit(2 * (submitted - taken) - 1);
    @Nullable Object[] larger = new @Nullable Object[length];
    for (int i = taken; i < submitted; i++) {
      larger[i & (length - 1)] = outcomes[i & (outcomes.length - 1)];
    }
    outcomes = larger;
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
    lock.lock();
    try {
      if (!dropped) {
        outcomes[index & (outcomes.length - 1)] = outcome;
      }
      finished++;
      if (index == taken || submitted - finished == awaited) {
        arrived.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Items submitted that have no outcome. */
  int underWay() {
    lock.lock();
    try {
      return submitted - finished;
    } finally {
      lock.unlock();
    }
  }

  /** Items submitted whose outcome was not taken. */
  int untaken() {
    lock.lock();
    try {
      return submitted - taken;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until at most so many items are under way. */
  void awaitUnderWay(int most) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      awaited = most;
      while (submitted - finished > most) {
        arrived.await();
      }
    } finally {
      awaited = -1;
      lock.unlock();
    }
  }

  /** Takes the next outcome, waiting for it: the value, or a {@link Failed}. */
  @SuppressWarnings("ReferenceEquality") // a marker is itself
  @Nullable Object take() throws InterruptedException {
    Object outcome;
    lock.lockInterruptibly();
    try {
      int slot = taken & (outcomes.length - 1);
      while (outcomes[slot] == null) {
        arrived.await();
        slot = taken & (outcomes.length - 1);
      }
      outcome = outcomes[slot];
      outcomes[slot] = null;
      taken++;
    } finally {
      lock.unlock();
    }
    return outcome == NULL ? null : outcome;
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
    lock.lock();
    try {
      dropped = true;
      Arrays.fill(outcomes, null);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isDropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }
}
