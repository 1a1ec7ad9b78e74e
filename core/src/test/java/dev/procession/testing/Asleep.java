package dev.procession.testing;

import dev.procession.sync.ProcessEvent;
import java.util.Arrays;

/** Looks whether a thread sleeps in the library. */
public final class Asleep {
  private Asleep() {}

  /** Sets an event as soon as this thread sleeps. */
  public static void tell(ProcessEvent event) {
    Thread thread = Thread.currentThread();
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (Arrays.stream(thread.getStackTrace())
                      .noneMatch(frame -> frame.getClassName().endsWith(".WordWaiter"))) {
                    Thread.onSpinWait();
                  }
                  event.set();
                });
  }
}
