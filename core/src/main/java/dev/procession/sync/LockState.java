package dev.procession.sync;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.OwnedWord.Result;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import java.util.concurrent.TimeUnit;

/**
 * A lock in shared memory.
 *
 * <pre>
 *    0  owner                            8 bytes, see OwnedWord
 *    8  thread of the owner              8 bytes, written by the owner
 *   16  holds                            4 bytes, written by the owner
 *   20  1: taken from a dead owner       4 bytes, written by the owner
 * </pre>
 *
 * A thread that is not reentrant is not written.
 */
final class LockState {
  static final int SIZE = 64;
  private static final long OWNER = SharedObject.at(0);
  private static final long THREAD = SharedObject.at(8);
  private static final long HOLDS = SharedObject.at(16);
  private static final long ABANDONED = SharedObject.at(20);

  private final SharedHandle handle;
  private final OwnedWord owner;
  private final boolean reentrant;

  LockState(SharedHandle handle, boolean reentrant) {
    this.handle = handle;
    this.owner = new OwnedWord(handle.object(), OWNER);
    this.reentrant = reentrant;
  }

  SharedHandle handle() {
    return handle;
  }

  private static long thread() {
    return Thread.currentThread().threadId();
  }

  /** Whether it is this process's, and if it is reentrant this thread's. */
  boolean isHeldHere() {
    SharedWords words = handle.words();
    return Participant.isMe(owner.value()) && (!reentrant || words.getLong(THREAD) == thread());
  }

  boolean isLocked() {
    SharedWords words = handle.words();
    return words.getLong(OWNER) != Participant.NOBODY;
  }

  int holds() {
    return isHeldHere() ? handle.words().getInt(HOLDS) : 0;
  }

  boolean isAbandoned() {
    return isLocked() && handle.words().getInt(ABANDONED) != 0;
  }

  void lock() {
    SharedWords words = handle.words();
    if (!again(words)) {
      boolean fromDead = owner.takeAnyway();
      boolean _ = taken(words, fromDead ? Result.TAKEN_FROM_DEAD : Result.TAKEN);
    }
  }

  boolean tryLock() {
    SharedWords words = handle.words();
    return again(words) || taken(words, owner.tryTake());
  }

  boolean lock(Deadline deadline) throws InterruptedException {
    SharedWords words = handle.words();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return again(words) || taken(words, owner.take(deadline));
  }

  boolean lock(long time, TimeUnit unit) throws InterruptedException {
    return lock(Deadline.in(unit.toNanos(time)));
  }

  private boolean again(SharedWords words) {
    if (!reentrant || !isHeldHere()) {
      return false;
    }
    int holds = words.getInt(HOLDS);
    if (holds == Integer.MAX_VALUE) {
      throw new IllegalStateException("lock is held too often: holds=" + holds);
    }
    words.setIntRelease(HOLDS, holds + 1);
    return true;
  }

  private boolean taken(SharedWords words, Result result) {
    if (result == Result.NOT_TAKEN) {
      return false;
    }
    if (result == Result.TAKEN_FROM_DEAD) {
      words.setInt(ABANDONED, 1);
    }
    hold(words, 1);
    return true;
  }

  private void hold(SharedWords words, int holds) {
    if (reentrant) {
      words.setLongRelease(THREAD, thread());
      words.setIntRelease(HOLDS, holds);
    }
  }

  void unlock() {
    SharedWords words = handle.words();
    if (reentrant) {
      requireHeld();
      int holds = words.getInt(HOLDS);
      if (holds > 1) {
        words.setIntRelease(HOLDS, holds - 1);
        return;
      }
    }
    free(words);
  }

  private void free(SharedWords words) {
    if (words.getInt(ABANDONED) != 0) {
      words.setInt(ABANDONED, 0);
    }
    if (reentrant) {
      words.setLongRelease(THREAD, 0);
    }
    if (!owner.free()) {
      throw new IllegalMonitorStateException("not locked: " + handle.path());
    }
  }

  // for conditions

  void requireHeld() {
    if (!isHeldHere()) {
      throw new IllegalMonitorStateException(
          "not locked by this " + (reentrant ? "thread: " : "process: ") + handle.path());
    }
  }

  /** Frees it however often it is held; returns how often that was. */
  int freeAll() {
    SharedWords words = handle.words();
    int holds = reentrant ? words.getInt(HOLDS) : 1;
    free(words);
    return holds;
  }

  /** Takes it again, to be held so often. */
  void retake(int holds) {
    lock();
    hold(handle.words(), holds);
  }

  /** Who has it, for people. */
  String describe(String type) {
    if (handle.isClosed()) {
      return type + "[closed]";
    }
    long seen = owner.value();
    if (seen == Participant.NOBODY) {
      return type + "[unlocked]";
    }
    String who = Participant.isMe(seen) ? "this process" : "process " + Participant.pid(seen);
    if (reentrant && Participant.isMe(seen)) {
      who +=
          ", thread " + handle.words().getLong(THREAD) + ", holds " + handle.words().getInt(HOLDS);
    }
    return type + "[locked by " + who + (isAbandoned() ? ", abandoned]" : "]");
  }
}
