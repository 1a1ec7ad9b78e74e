package dev.procession.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Has something wait for something in another process, by a file. */
public final class Gate {
  private Gate() {}

  /** Waits until a file exists; as long as its test may take. */
  public static void await(Path file) throws InterruptedException {
    while (!Files.exists(file)) {
      Thread.sleep(Duration.ofMillis(5));
    }
  }

  /** The same; a path cannot be captured by a task. */
  public static void await(String file) throws InterruptedException {
    await(Path.of(file));
  }
}
