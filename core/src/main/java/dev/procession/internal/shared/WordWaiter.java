package dev.procession.internal.shared;

import dev.procession.internal.os.Os;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.os.WordWait;
import dev.procession.internal.segment.SharedWords;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Sleeping on a word of shared memory, in slices: after each, the sleeper may look whether those it
 * waits for still live, and whether it is interrupted. A slice is at most {@value #SLICE_NANOS} ns,
 * so an interrupt is noticed that late, and 20 looks a second cost less than a hundredth of a
 * processor.
 *
 * <p>A virtual thread has a platform thread sleep for it, so that its carrier is free.
 */
public final class WordWaiter {
  /** The longest sleep. */
  public static final long SLICE_NANOS = 50_000_000;

  private WordWaiter() {}

  /**
   * Sleeps while the word holds a value, until woken, or for a slice, or until the deadline. Proves
   * nothing: look at the word again.
   *
   * @throws InterruptedException if interrupted before or meanwhile
   */
  public static void await(SharedWords words, long offset, int expected, Deadline deadline)
      throws InterruptedException {
    long nanos = Math.min(SLICE_NANOS, deadline.left());
    try {
      sleep(() -> Os.current().wordWait().await(words.memory(), offset, expected, nanos));
    } catch (InterruptedException e) {
      if (Thread.currentThread().isVirtual()) {
        wake(words, offset, Integer.MAX_VALUE); // or the helper takes a wake-up from another
      }
      throw e;
    }
  }

  /**
   * Sleeps likewise while all of some words hold a value; if there are none, for a slice.
   *
   * @throws InterruptedException if interrupted before or meanwhile
   */
  static void awaitAny(List<WordWait.Word> words, int expected, Deadline deadline)
      throws InterruptedException {
    long nanos = Math.min(SLICE_NANOS, deadline.left());
    if (words.isEmpty()) {
      Thread.sleep(Duration.ofNanos(Math.max(0, nanos)));
      return;
    }
    sleep(() -> Os.current().wordWait().awaitAny(words, expected, nanos));
  }

  private static void sleep(Runnable sleep) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (!Thread.currentThread().isVirtual()) {
      sleep.run();
    } else {
      sleepElsewhere(sleep);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static void sleepElsewhere(Runnable sleep) throws InterruptedException {
    try {
      Object _ = SystemThreads.submit(sleep).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Wakes up to so many threads that sleep on the word. */
  public static void wake(SharedWords words, long offset, int count) {
    Os.current().wordWait().wake(words.memory(), offset, count);
  }
}
