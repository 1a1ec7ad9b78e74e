package dev.procession.examples.guide;

import dev.procession.function.SerializableRunnable;
import java.time.Duration;
import java.time.Instant;

/** What can be done as soon as another thread or process has come so far. */
final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Eventually() {}

  /** Does something again until it does not fail; fails as it does when it takes too long. */
  static void perform(SerializableRunnable attempt) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        attempt.perform();
        return;
      } catch (Exception e) {
        if (Instant.now().isAfter(end)) {
          throw e;
        }
      }
      Thread.sleep(PAUSE);
    }
  }
}
