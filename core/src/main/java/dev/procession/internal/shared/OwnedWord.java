package dev.procession.internal.shared;

import dev.procession.internal.segment.SharedWords;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock between processes in one word of shared memory, that no death can keep locked: the word
 * says which process owns it, and who waits looks whether that still lives.
 *
 * <pre>
 *   0                     free
 *   participant           owned, nobody sleeps
 *   participant | FLAG    owned, somebody may sleep on the word's upper half
 * </pre>
 *
 * <p>Whoever wants it and finds it owned sets the flag and sleeps; whoever frees it and finds the
 * flag wakes one. That one takes it with the flag, as it does not know whether it was the last. A
 * sleeper that is killed when it was woken leaves the others asleep until their slice has passed,
 * which is at most {@value WordWaiter#SLICE_NANOS} ns.
 *
 * <p>The owner is a process: threads of one exclude each other, and any may free it. Not reentrant.
 * Memory effects: what happens before it is freed is visible to who takes it next.
 */
public final class OwnedWord {
  /** How an attempt has ended. */
  public enum Result {
    /** It was free. */
    TAKEN,
    /** Its owner had ended without freeing it: what it guards may be half-written. */
    TAKEN_FROM_DEAD,
    /** It is somebody else's, and the time is over. */
    NOT_TAKEN
  }

  /** Spins before a first sleep, where there are processors for both. */
  private static final int SPINS = 500;

  /**
   * The longest pause between two looks: each takes the cache line from an owner that may take and
   * free the word many times meanwhile.
   */
  private static final int LONGEST_PAUSE = 64;

  /** How often an owner that does not change is looked at. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReentrantLock waitingRoom;
  private final SharedWords words;
  private final long offset;

  /**
   * @param offset of the word in the object's words, a multiple of 8
   */
  public OwnedWord(SharedObject object, long offset) {
    this.waitingRoom = object.waitingRoom(offset);
    this.words = object.words();
    this.offset = offset;
  }

  /** The word as it is. */
  public long value() {
    return words.getLong(offset);
  }

  /** Whether no process has it. */
  public boolean isFree() {
    return words.getLong(offset) == Participant.NOBODY;
  }

  /** Whether a process has it. */
  public boolean isOwnedBy(long participant) {
    return (words.getLong(offset) & ~Participant.FLAG) == participant;
  }

  /** Whether a process has it that has ended. */
  public boolean isOwnerGone() {
    long seen = words.getLong(offset);
    return seen != Participant.NOBODY && !Participant.isAlive(seen);
  }

  /** Takes it if it is free, or its owner has ended. */
  public Result tryTake() {
    while (true) {
      long seen = words.getLong(offset);
      if (seen != Participant.NOBODY && Participant.isAlive(seen)) {
        return Result.NOT_TAKEN;
      }
      if (words.compareAndSetLong(offset, seen, Participant.me() | (seen & Participant.FLAG))) {
        return seen == Participant.NOBODY ? Result.TAKEN : Result.TAKEN_FROM_DEAD;
      }
    }
  }

  /**
   * Takes it, waiting if need be.
   *
   * @throws InterruptedException if interrupted while waiting; it is not taken
   */
  public Result take(Deadline deadline) throws InterruptedException {
    if (words.compareAndSetLong(offset, Participant.NOBODY, Participant.me())) {
      return Result.TAKEN;
    }
    BackOff wait = new BackOff(SPINS, LONGEST_PAUSE);
    while (wait.goesOn()) {
      if (words.getLong(offset) == Participant.NOBODY
          && words.compareAndSetLong(offset, Participant.NOBODY, Participant.me())) {
        return Result.TAKEN;
      }
    }
    if (deadline.isOver()) {
      return tryTake();
    }
    if (!waitingRoom.tryLock(deadline.left(), TimeUnit.NANOSECONDS)) {
      return tryTake();
    }
    try {
      return sleepAndTake(deadline);
    } catch (InterruptedException e) {
      WordWaiter.wake(
          words, SharedWords.upperHalf(offset), 1); // it may have been woken instead of another
      throw e;
    } finally {
      waitingRoom.unlock();
    }
  }

  private Result sleepAndTake(Deadline deadline) throws InterruptedException {
    long owner = Participant.NOBODY;
    long looked = System.nanoTime();
    while (true) {
      long seen = words.getLong(offset);
      if (seen == Participant.NOBODY) {
        if (words.compareAndSetLong(offset, seen, Participant.me() | Participant.FLAG)) {
          return Result.TAKEN;
        }
        continue;
      }
      long flagged = seen | Participant.FLAG;
      if (seen != flagged && !words.compareAndSetLong(offset, seen, flagged)) {
        continue;
      }
      if (deadline.isOver()) {
        return tryTake();
      }
      WordWaiter.await(words, SharedWords.upperHalf(offset), (int) (flagged >>> 32), deadline);
      if (flagged != owner) {
        owner = flagged;
        looked = System.nanoTime() - LOOK_NANOS / 2;
      } else if (System.nanoTime() - looked > LOOK_NANOS) {
        looked = System.nanoTime();
        if (!Participant.isAlive(owner)
            && words.compareAndSetLong(offset, owner, Participant.me() | Participant.FLAG)) {
          return Result.TAKEN_FROM_DEAD;
        }
      }
    }
  }

  /**
   * Takes it, however long that takes; an interrupt is kept for later.
   *
   * @return whether its owner had ended without freeing it
   */
  public boolean takeAnyway() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return take(Deadline.NEVER) == Result.TAKEN_FROM_DEAD;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Frees it, whoever owns it; false if it is free. */
  public boolean free() {
    long seen = words.getAndSetLong(offset, Participant.NOBODY);
    if ((seen & Participant.FLAG) != 0) {
      WordWaiter.wake(words, SharedWords.upperHalf(offset), 1);
    }
    return seen != Participant.NOBODY;
  }
}
