package dev.procession.internal.shared;

import dev.procession.internal.os.WordWait;
import dev.procession.internal.segment.SharedWords;
import java.util.List;

/**
 * A word on which threads of any processes sleep until something else has changed.
 *
 * <p>Who finds nothing to do {@linkplain #announce announces} that it will sleep, looks once more,
 * then {@linkplain #await sleeps}. Who has changed something, with a full fence behind it,
 * {@linkplain #wake wakes}. One of the two sees the other. The waker withdraws the announcement;
 * one that is woken and goes on to leave others asleep announces again for them. An announcement
 * too much costs one needless call of the system.
 */
public final class SleepWord {
  private static final int AWAKE = 0;
  private static final int ASLEEP = 1;

  private final SharedWords words;
  private final long offset;

  /**
   * @param offset of the word, a multiple of 4; 0 at first
   */
  public SleepWord(SharedWords words, long offset) {
    this.words = words;
    this.offset = offset;
  }

  /** Says that a thread will sleep. A full fence. */
  public void announce() {
    words.setInt(offset, ASLEEP);
  }

  /** Whether somebody has said so, and nobody has withdrawn it. */
  public boolean isAnnounced() {
    return words.getInt(offset) != AWAKE;
  }

  /**
   * Sleeps like {@link WordWaiter#await}, unless somebody has withdrawn the announcement.
   *
   * @throws InterruptedException if interrupted before or meanwhile
   */
  public void await(Deadline deadline) throws InterruptedException {
    WordWaiter.await(words, offset, ASLEEP, deadline);
  }

  /**
   * Sleeps likewise, unless somebody has withdrawn the announcement of one of some words.
   *
   * @throws InterruptedException if interrupted before or meanwhile
   */
  public static void awaitAny(List<SleepWord> words, Deadline deadline)
      throws InterruptedException {
    WordWaiter.awaitAny(
        words.stream().map(w -> new WordWait.Word(w.words.memory(), w.offset)).toList(),
        ASLEEP,
        deadline);
  }

  /** Wakes up to so many, if any has announced that it sleeps. */
  public void wake(int count) {
    if (isAnnounced()) {
      wakeAnyway(count);
    }
  }

  /** Wakes up to so many, also those whose announcement somebody has withdrawn. */
  public void wakeAnyway(int count) {
    words.setInt(offset, AWAKE);
    WordWaiter.wake(words, offset, count);
  }
}
