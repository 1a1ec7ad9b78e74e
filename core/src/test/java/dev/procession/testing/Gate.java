package dev.procession.testing;

import java.io.IOException;
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

  /** Waits for what never happens; the files "begun" and "interrupted" in a folder tell of it. */
  public static void awaitInterrupt(String folder) throws IOException {
    Files.createFile(Path.of(folder, "begun"));
    try {
      await(folder + "/never");
    } catch (InterruptedException e) {
      Files.createFile(Path.of(folder, "interrupted"));
    }
  }
}
