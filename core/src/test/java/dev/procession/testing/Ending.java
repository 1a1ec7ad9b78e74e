package dev.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.sync.ProcessEvent;
import java.io.IOException;

/** How a process ends in the middle of something. */
public enum Ending {
  KILL,
  EXIT,
  HALT,
  /** Stopped first, so that nothing of it is under way when it is killed. */
  STOP;

  /** The victim's side: ends when it is told, unless it is killed. */
  public void awaitIn(ProcessEvent die) {
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    die.await();
                  } catch (InterruptedException e) {
                    return;
                  }
                  if (this == EXIT) {
                    System.exit(3);
                  }
                  Runtime.getRuntime().halt(4);
                });
  }

  /** Ends the victim; returns when it had ended. */
  public long of(ChildProcess<?> victim, ProcessEvent die)
      throws IOException, InterruptedException {
    if (this == STOP) {
      assertThat(new ProcessBuilder("kill", "-STOP", "" + victim.pid()).start().waitFor()).isZero();
    }
    if (this == KILL || this == STOP) {
      victim.kill();
    } else {
      die.set();
    }
    victim.join();
    return System.nanoTime();
  }
}
