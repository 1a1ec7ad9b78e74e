package dev.procession.internal.os;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Sleeping on a 32-bit word in memory that several processes have mapped, as a futex does.
 *
 * <p>Whoever changes the word wakes the sleepers afterwards. A sleeper gives the value it has seen:
 * if the word holds another by then, it does not sleep, so that no wake-up between looking and
 * sleeping is lost. Returning proves nothing; callers look at the word again.
 *
 * <p>A sleeping virtual thread occupies its carrier: call from platform threads.
 */
public sealed interface WordWait permits Futex, PollingWait {

  /**
   * Sleeps while the word holds {@code expected}, until woken, interrupted by a signal, or {@code
   * nanos} have passed. Does not notice {@link Thread#interrupt}: sleep in slices where it matters.
   *
   * @param memory shared memory, mapped natively
   * @param offset of the word in bytes, a multiple of 4
   * @param nanos the longest sleep; zero or less returns at once
   */
  void await(MemorySegment memory, long offset, int expected, long nanos);

  /** Wakes up to {@code count} threads, of any process, that sleep on the word. */
  void wake(MemorySegment memory, long offset, int count);

  /** A word in shared memory, at an offset that is a multiple of 4. */
  record Word(MemorySegment memory, long offset) {}

  /**
   * Sleeps like {@link #await} while all words hold {@code expected}. A change of a word behind the
   * 128th need not end the sleep.
   *
   * @param words at least one
   */
  void awaitAny(List<Word> words, int expected, long nanos);
}
