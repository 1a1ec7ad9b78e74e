package dev.procession.sync;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.WordWaiter;

/**
 * Permits that belong to the processes which have acquired them.
 *
 * <pre>
 *     0  how many there are       4 bytes, never changes
 *     8  mutex                    8 bytes, see OwnedWord
 *    16  changes                  4 bytes: permits were given back so often; who wants some sleeps on it
 *    64  for each process that has some: itself, 8 bytes; how many, 4 bytes
 * </pre>
 *
 * What is available is what nobody has. So each change is one store, and a process that is killed
 * inside the mutex leaves nothing half done.
 */
final class OwnedPermits implements ProcessSemaphore.Permits {
  /** Processes that may have some at a time. */
  static final int PROCESSES = 256;

  private static final int HOLDER = 16;
  static final int SIZE = 64 + PROCESSES * HOLDER;

  private static final long BOUND = SharedObject.at(0);
  private static final long MUTEX = SharedObject.at(8);
  private static final long CHANGES = SharedObject.at(16);
  private static final long HOLDERS = SharedObject.at(64);
  private static final int COUNT = 8;

  /** Waiting, looking for holders that have ended takes at most one part of so many of the time. */
  private static final int LOOK_SHARE = 100;

  private final SharedWords words;
  private final OwnedWord mutex;
  private volatile long nextLook = System.nanoTime();

  OwnedPermits(SharedHandle handle) {
    this.words = handle.words();
    this.mutex = new OwnedWord(handle.object(), MUTEX);
  }

  private static long holder(int index) {
    return HOLDERS + (long) index * HOLDER;
  }

  private int bound() {
    return words.getInt(BOUND);
  }

  @Override
  public boolean tryTake(int count, boolean again) {
    if (count > bound()) {
      throw new IllegalArgumentException(
          "more permits than there are: permits=" + count + ", bound=" + bound());
    }
    boolean _ = mutex.takeAnyway();
    try {
      if (free() < count && (!again || nextLook - System.nanoTime() <= 0)) {
        buryHolders();
      }
      if (free() < count) {
        return false;
      }
      long mine = mine();
      words.setInt(mine + COUNT, words.getInt(mine + COUNT) + count);
      return true;
    } finally {
      boolean _ = mutex.free();
    }
  }

  /** This process's place; a new one begins with none. */
  private long mine() {
    long place = findMine();
    if (place < 0) {
      buryHolders();
      place = findMine();
    }
    if (place < 0) {
      throw new IllegalStateException("too many processes have permits: most=" + PROCESSES);
    }
    if (words.getLong(place) != Participant.me()) {
      words.setInt(place + COUNT, 0);
      words.setLong(place, Participant.me());
    }
    return place;
  }

  /** The place that it has, or an empty one, or -1. */
  private long findMine() {
    long empty = -1;
    for (int i = 0; i < PROCESSES; i++) {
      long place = holder(i);
      long process = words.getLong(place);
      if (process == Participant.me()) {
        return place;
      }
      if (empty < 0 && (process == Participant.NOBODY || words.getInt(place + COUNT) == 0)) {
        empty = place;
      }
    }
    return empty;
  }

  /** Takes back what processes have that have ended. */
  private void buryHolders() {
    long start = System.nanoTime();
    for (int i = 0; i < PROCESSES; i++) {
      long place = holder(i);
      if (words.getInt(place + COUNT) > 0 && !Participant.isAlive(words.getLong(place))) {
        words.setInt(place + COUNT, 0);
      }
    }
    long end = System.nanoTime();
    nextLook = end + (end - start) * LOOK_SHARE;
  }

  /** Permits may be acquired in one process and released in another. */
  @Override
  public void give(int count) {
    boolean _ = mutex.takeAnyway();
    try {
      int acquired = bound() - free();
      if (count > acquired) {
        throw new IllegalStateException(
            "released more than was acquired: permits=" + count + ", acquired=" + acquired);
      }
      long mine = findMine();
      int left = mine < 0 ? count : count - takeFrom(mine, count);
      for (int i = 0; i < PROCESSES && left > 0; i++) {
        left -= takeFrom(holder(i), left);
      }
      words.setInt(CHANGES, words.getInt(CHANGES) + 1);
    } finally {
      boolean _ = mutex.free();
    }
    WordWaiter.wake(words, CHANGES, Integer.MAX_VALUE);
  }

  private int takeFrom(long place, int most) {
    // also of an empty place that was found for this process, which has 0
    int has = words.getInt(place + COUNT);
    int taken = Math.min(has, most);
    if (taken > 0) {
      words.setInt(place + COUNT, has - taken);
    }
    return taken;
  }

  /** Under the mutex, as else one that is handed from place to place counts twice, or not. */
  @Override
  public int available() {
    boolean _ = mutex.takeAnyway();
    try {
      if (free() < bound()) {
        buryHolders();
      }
      return free();
    } finally {
      boolean _ = mutex.free();
    }
  }

  private int free() {
    int acquired = 0;
    for (int i = 0; i < PROCESSES; i++) {
      acquired += words.getInt(holder(i) + COUNT);
    }
    return bound() - acquired;
  }

  @Override
  public void sleep(int count, Deadline deadline) throws InterruptedException {
    int seen = words.getInt(CHANGES);
    if (free() < count) {
      WordWaiter.await(words, CHANGES, seen, deadline);
    }
  }
}
