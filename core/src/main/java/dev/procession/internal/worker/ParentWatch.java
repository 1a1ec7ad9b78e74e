package dev.procession.internal.worker;

import dev.procession.internal.launch.Control;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches the standard input, whose other end only the parent holds: wakes and interrupts the main
 * thread when the parent says so, and ends this JVM when the parent is gone, whatever runs here.
 */
final class ParentWatch implements Runnable {
  /** How long shutdown hooks may take when the parent is gone. */
  private static final Duration GRACE = Duration.ofMillis(400);

  /** How long an item may take before that, once it is interrupted, and how often to look. */
  private static final Duration ITEM_GRACE = Duration.ofMillis(150);

  private static final Duration ITEM_POLL = Duration.ofMillis(5);

  /** How often to look for the parent once the standard input is no longer read. */
  private static final Duration LEAVING_POLL = Duration.ofMillis(100);

  /** Exit code of a worker whose parent is gone; nobody is left to see it. */
  private static final int PARENT_GONE = 70;

  private final Thread main;
  private final long parent;

  /** Set before the parent can know of an item. */
  private volatile @Nullable RunningItem running;

  private final CountDownLatch dismissed = new CountDownLatch(1);

  private ParentWatch(Thread main, long parent) {
    this.main = main;
    this.parent = parent;
  }

  static ParentWatch start(Thread main, long parent) {
    ParentWatch watch = new ParentWatch(main, parent);
    Thread thread = new Thread(null, watch, "procession-parent-watch", 128 * 1024);
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  /** From now on the main thread runs items. */
  void serve(RunningItem newRunning) {
    running = newRunning;
  }

  /**
   * Whether the parent has let this JVM leave, so that it has read what it was told; or is gone.
   */
  boolean awaitDismissal() {
    try {
      return dismissed.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public void run() {
    boolean leaving = readUntilLeaving();
    dismissed.countDown();
    if (leaving) {
      while (isThere()) {
        pause(LEAVING_POLL);
      }
    }
    awaitLastItem();
    end();
  }

  /** Reads what the parent writes; true when this JVM is leaving, false when the parent is gone. */
  @SuppressWarnings("Interruption") // the parent's wish, not ours
  private boolean readUntilLeaving() {
    byte[] codes = new byte[64];
    try (FileInputStream stream = new FileInputStream(FileDescriptor.in)) {
      for (int count = stream.read(codes); count > 0; count = stream.read(codes)) {
        for (int i = 0; i < count; i++) {
          switch (codes[i]) {
            case Control.INTERRUPT -> main.interrupt();
            case Control.INTERRUPT_ITEM -> item().interrupt();
            case Control.TRACE -> item().trace();
            case Control.LEAVE -> {
              return true;
            }
            default -> {}
          }
        }
        LockSupport.unpark(main);
      }
    } catch (IOException e) {
      // as good as its end
    }
    return false;
  }

  private void awaitLastItem() {
    RunningItem last = running;
    long end = System.nanoTime() + ITEM_GRACE.toNanos();
    while (last != null && last.orphan() && System.nanoTime() - end < 0) {
      pause(ITEM_POLL);
    }
    if (last != null) {
      last.end(); // as it does not do so itself
    }
  }

  private RunningItem item() {
    return Objects.requireNonNull(running);
  }

  /** Whether the parent lives: this process would be given another. */
  private boolean isThere() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) == parent;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      // nobody interrupts this thread on purpose
    }
  }

  @SuppressWarnings("SystemExitOutsideMain")
  private static void end() {
    Thread hooks = new Thread(() -> System.exit(PARENT_GONE), "procession-parent-gone");
    hooks.setDaemon(true);
    hooks.start();
    pause(GRACE);
    Runtime.getRuntime().halt(PARENT_GONE);
  }
}
