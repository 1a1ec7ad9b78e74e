package dev.procession.internal.pool;

import dev.procession.ProcessStartException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool: who is there, about to come and about to go, and whether one more is
 * wanted. Guarded by the lock of its {@link Scheduler}.
 *
 * <p>There are as many as there is work for, within two bounds. One that would not fit into the
 * memory that the pool may have does not come, unless it is the only one that could do something.
 * When those that come end at once, the next waits for a while.
 */
final class Staff {
  /** Workers that may fail to start one after the other before the pool gives up. */
  private static final int MOST_START_FAILURES = 3;

  /** Workers that are gone and still told of. */
  private static final int MOST_REMEMBERED = 100;

  /** How long it does without the next one when some could not start, or it would not fit. */
  static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final MemoryBudget budget;
  private final IntSupplier heldUp;
  private final Set<Worker> all = new LinkedHashSet<>();

  /** Those that are told to end. */
  private final Set<Worker> leaving = new HashSet<>();

  private int least;

  /** Read without the lock as well. */
  private volatile int most;

  /** Those that are there or about to come, without those that are about to go. */
  private int living;

  /** Workers of all that are gone. */
  private int gone;

  private int startFailures;

  /** Workers that ended, one after the other, without having been given anything. */
  private int idleDeaths;

  private @Nullable ProcessStartException lastFailure;
  private long pausedAt = System.nanoTime() - PAUSE_NANOS;
  private long idlePausedAt = pausedAt;

  /**
   * @param heldUp how many workers wait for others, so that as many may take their places
   */
  Staff(int least, int most, MemoryBudget budget, IntSupplier heldUp) {
    this.least = least;
    this.most = most;
    this.budget = budget;
    this.heldUp = heldUp;
  }

  /** Those that are known, also some that are gone, in the order in which they came. */
  Set<Worker> all() {
    return all;
  }

  /** For any thread. */
  int most() {
    return most;
  }

  int least() {
    return least;
  }

  void resize(int newLeast, int newMost) {
    least = newLeast;
    most = newMost;
  }

  /** How many there may be now. */
  int places() {
    return most + heldUp.getAsInt();
  }

  /** Whether all are there, or about to come, that there may be, however much there is to do. */
  boolean isComplete() {
    return living >= places();
  }

  /**
   * Whether one more is wanted now.
   *
   * @param demand how many there would be work for
   */
  boolean isShort(int demand) {
    boolean isFew = living < Math.clamp(demand, least, places());
    return isFew
        && (isDeserted() || isOver(pausedAt))
        && (demand > living || isOver(idlePausedAt)); // there is something to do for it
  }

  /** Counts one more that is about to come, if it fits, or all others may wait for it. */
  boolean hire() {
    if (living > heldUp.getAsInt() && !budget.hasRoom(all, living - present())) {
      pausedAt = System.nanoTime();
      return false;
    }
    living++;
    return true;
  }

  /** Whether one more fits beside all, with a heap of so many bytes. */
  boolean hasRoomBeside(long heap) {
    return budget.hasRoom(all, living - present(), heap + MemoryBudget.OVERHEAD);
  }

  /** Counts one that is about to come and to go again, until it {@link #leaves}. */
  void hireBeside() {
    living++;
  }

  /** One that was hired beside all never came to be. */
  void cameNotBeside() {
    living--;
  }

  /** How many of the living are known. */
  private int present() {
    return all.size() - gone - leaving.size();
  }

  /** Whether it does without one for a while that is wanted. */
  boolean isPaused() {
    return !isComplete() && !(isOver(pausedAt) && isOver(idlePausedAt));
  }

  private static boolean isOver(long pauseSince) {
    return System.nanoTime() - pauseSince >= PAUSE_NANOS;
  }

  /** How many may go when they have nothing to do. */
  int dispensable() {
    return living - least;
  }

  boolean isDeserted() {
    return living == 0 && leaving.isEmpty();
  }

  // coming

  /** One that was counted has come. Idempotent: who starts it says so, and it does itself. */
  void came(Worker worker) {
    boolean _ = all.add(worker);
  }

  /** One that was counted never came to be. */
  void neverCame(ProcessStartException why) {
    living--;
    startFailed(why);
  }

  /** One has not started as it should; it is not counted any more. */
  void startFailed(ProcessStartException why) {
    startFailures++;
    lastFailure = why;
    if (startFailures >= MOST_START_FAILURES) {
      pausedAt = System.nanoTime();
    }
  }

  /** One works. */
  void works() {
    startFailures = 0;
  }

  /**
   * One has ended by itself before it was given anything. If those that follow do the like, the
   * next comes later, unless there is something to do for it.
   */
  void diedIdle() {
    idleDeaths++;
    if (idleDeaths >= MOST_START_FAILURES) {
      idlePausedAt = System.nanoTime();
    }
  }

  /** One has run something. */
  void hasRun() {
    idleDeaths = 0;
  }

  /** Why the last one that has not started has not. */
  @Nullable ProcessStartException lastFailure() {
    return lastFailure;
  }

  /** Whether there is none, and none can be started. */
  boolean isHopeless() {
    return startFailures >= MOST_START_FAILURES && isDeserted();
  }

  // going

  /** One is told to end, or gets no more; or only it is not counted any more. Idempotent. */
  void leaves(Worker worker) {
    if (!worker.isGone() && leaving.add(worker)) {
      living--;
    }
  }

  /** Whether one goes because it was told to. */
  boolean isLeaving(Worker worker) {
    return leaving.contains(worker);
  }

  /** One is gone. */
  void left(Worker worker) {
    if (!leaving.remove(worker)) {
      living--;
    }
    gone++;
    if (gone > MOST_REMEMBERED) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    for (Worker worker : all) {
      if (worker.isGone()) {
        all.remove(worker);
        gone--;
        return;
      }
    }
  }
}
