package dev.procession.internal.os;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of the system for what must go on whatever the program does with its virtual threads and
 * the common pool: some that compute and never wait keep all others of these from running. As many
 * as are wanted at a time; they are daemons, and end soon when there is nothing to do. For what is
 * rare: each is a thread of the system while it runs.
 */
public final class SystemThreads {
  private static final long IDLE_SECONDS = 1;

  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          own().daemon().name("procession-helper-", 0).factory());

  private SystemThreads() {}

  /**
   * A thread of the library, or of an interpreter: it keeps nothing alive that belongs to who
   * happens to start it, as that one's context class loader.
   */
  public static Thread.Builder.OfPlatform own() {
    return Thread.ofPlatform().inheritInheritableThreadLocals(false);
  }

  /** Waits until a thread has ended; an interrupt is restored then. */
  public static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs something, at once. */
  public static void run(Runnable action) {
    THREADS.execute(action);
  }

  /** Runs something, at once, for who waits for it. */
  public static Future<?> submit(Runnable action) {
    return THREADS.submit(action);
  }
}
