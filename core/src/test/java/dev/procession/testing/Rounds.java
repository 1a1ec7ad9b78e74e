package dev.procession.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two threads that do something at the same time, round after round, each time a little earlier or
 * later than the other: so that stores and loads which are only ordered by a fence meet.
 */
public final class Rounds {
  private static final int STOP = -1;

  /** The longest delay of one side, in looks at a number. */
  private static final int LONGEST_DELAY = 128;

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  private Rounds() {}

  /**
   * Runs rounds for a time.
   *
   * @param here what this thread does
   * @param there what another thread does meanwhile
   * @param check what this thread does when both are done
   */
  public static void run(Duration time, Runnable here, Runnable there, Runnable check)
      throws InterruptedException {
    new Rounds().go(time.toNanos(), here, there, check);
  }

  private void go(long nanos, Runnable here, Runnable there, Runnable check)
      throws InterruptedException {
    Thread other = Thread.ofPlatform().daemon().start(() -> follow(there));
    try {
      long start = System.nanoTime();
      for (int round = 1; System.nanoTime() - start < nanos; round++) {
        begun.set(round);
        delay(round % LONGEST_DELAY);
        here.run();
        while (done.get() != round && other.isAlive()) {
          Thread.onSpinWait();
        }
        check.run();
      }
    } finally {
      begun.set(STOP);
      other.join();
    }
  }

  private void follow(Runnable there) {
    int round = 1;
    while (begun.get() != STOP) {
      if (begun.get() == round) {
        there.run();
        done.set(round++);
      }
    }
  }

  private void delay(int looks) {
    for (int i = 0; i < looks; i++) {
      int _ = begun.get();
    }
  }
}
