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
 *   24  process of the thread            8 bytes, written by the owner
 * </pre>
 *
 * Of a lock that is not reentrant, thread, holds and process are not written.
 *
 * <p>Who takes the word from a dead owner finds that one's thread until it has written its own, and
 * threads of different processes have the same numbers. So a thread counts only with its process,
 * which is written while there is no thread.
 *
 * <p>Closing the handle keeps nobody from giving back: what waits goes on, and what is held can be
 * unlocked.
 */
final class LockState {
  static final int SIZE = 64;
  private static final long OWNER = SharedObject.at(0);
  private static final long THREAD = SharedObject.at(8);
  private static final long HOLDS = SharedObject.at(16);
  private static final long ABANDONED = SharedObject.at(20);
  private static final long THREADS_PROCESS = SharedObject.at(24);

  private final SharedHandle handle;
  private final SharedWords words;
  private final OwnedWord owner;
  private final boolean reentrant;

  LockState(SharedHandle handle, boolean reentrant) {
    this.handle = handle;
    this.words = handle.words();
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
    return Participant.isMe(owner.value())
        && (!reentrant
            || (words.getLong(THREAD) == thread()
                && words.getLong(THREADS_PROCESS) == Participant.me()));
  }

  boolean isLocked() {
    return handle.words().getLong(OWNER) != Participant.NOBODY;
  }

  int holds() {
    SharedWords open = handle.words();
    return isHeldHere() ? open.getInt(HOLDS) : 0;
  }

  boolean isAbandoned() {
    return isLocked() && words.getInt(ABANDONED) != 0;
  }

  void lock() {
    SharedWords _ = handle.words();
    if (!again()) {
      take();
    }
  }

  private void take() {
    boolean fromDead = owner.takeAnyway();
    boolean _ = taken(fromDead ? Result.TAKEN_FROM_DEAD : Result.TAKEN);
  }

  boolean tryLock() {
    SharedWords _ = handle.words();
    return again() || taken(owner.tryTake());
  }

  boolean lock(Deadline deadline) throws InterruptedException {
    SharedWords _ = handle.words();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return again() || taken(owner.take(deadline));
  }

  boolean lock(long time, TimeUnit unit) throws InterruptedException {
    return lock(Deadline.in(unit.toNanos(time)));
  }

  private boolean again() {
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

  private boolean taken(Result result) {
    if (result == Result.NOT_TAKEN) {
      return false;
    }
    if (result == Result.TAKEN_FROM_DEAD) {
      words.setInt(ABANDONED, 1);
    }
    if (reentrant) {
      words.setLongRelease(THREAD, 0);
      words.setLongRelease(THREADS_PROCESS, Participant.me());
      words.setLongRelease(THREAD, thread());
      words.setIntRelease(HOLDS, 1);
    }
    return true;
  }

  void unlock() {
    if (reentrant) {
      requireHeld();
      int holds = words.getInt(HOLDS);
      if (holds > 1) {
        words.setIntRelease(HOLDS, holds - 1);
        return;
      }
    }
    free();
  }

  private void free() {
    if (words.getInt(ABANDONED) != 0) {
      words.setInt(ABANDONED, 0);
    }
    freeUnseen();
  }

  private void freeUnseen() {
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
    int holds = reentrant ? words.getInt(HOLDS) : 1;
    free();
    return holds;
  }

  /** Takes it again, to be held so often. */
  void retake(int holds) {
    take();
    if (reentrant) {
      words.setIntRelease(HOLDS, holds);
    }
  }

  /** Does something with it, for no user: who takes it next is told what this would have been. */
  void doLocked(Runnable action) {
    take();
    try {
      action.run();
    } finally {
      freeUnseen();
    }
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
      who += ", thread " + words.getLong(THREAD) + ", holds " + words.getInt(HOLDS);
    }
    return type + "[locked by " + who + (words.getInt(ABANDONED) != 0 ? ", abandoned]" : "]");
  }
}
