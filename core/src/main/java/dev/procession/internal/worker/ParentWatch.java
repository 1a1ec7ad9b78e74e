package dev.procession.internal.worker;

import dev.procession.internal.launch.Control;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches the standard input, whose other end only the parent holds: wakes and interrupts the main
 * thread when the parent says so, and ends this JVM when the parent is gone, whatever runs here.
 */
final class ParentWatch implements Runnable {
  /** How long shutdown hooks may take when the parent is gone. */
  private static final Duration GRACE = Duration.ofMillis(400);

  /** Exit code of a worker whose parent is gone; nobody is left to see it. */
  private static final int PARENT_GONE = 70;

  private final Thread main;

  private ParentWatch(Thread main) {
    this.main = main;
  }

  static void start(Thread main) {
    Thread thread = new Thread(null, new ParentWatch(main), "procession-parent-watch", 128 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  @SuppressWarnings("Interruption") // the parent's wish, not ours
  public void run() {
    byte[] codes = new byte[64];
    try (FileInputStream stream = new FileInputStream(FileDescriptor.in)) {
      for (int count = stream.read(codes); count > 0; count = stream.read(codes)) {
        for (int i = 0; i < count; i++) {
          if (codes[i] == Control.INTERRUPT) {
            main.interrupt();
          }
        }
        LockSupport.unpark(main);
      }
    } catch (IOException e) {
      // as good as its end
    }
    end();
  }

  @SuppressWarnings("SystemExitOutsideMain")
  private static void end() {
    Thread hooks = new Thread(() -> System.exit(PARENT_GONE), "procession-parent-gone");
    hooks.setDaemon(true);
    hooks.start();
    try {
      Thread.sleep(GRACE);
    } catch (InterruptedException e) {
      // end at once, then
    }
    Runtime.getRuntime().halt(PARENT_GONE);
  }
}
