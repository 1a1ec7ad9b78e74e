package dev.procession.internal.channel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pipes that this process has created and let go of while others held them: their files are removed
 * when those have gone too, which is looked for when a pipe is created or let go of, and when a
 * worker has ended. Thread-safe.
 */
public final class Abandoned {
  private static final Set<SharedPipe> PIPES = ConcurrentHashMap.newKeySet();

  private Abandoned() {}

  static void add(SharedPipe pipe) {
    PIPES.add(pipe);
  }

  static void remove(SharedPipe pipe) {
    PIPES.remove(pipe);
  }

  /** Does so in a thread of its own, as somebody may have stopped while changing a pipe's table. */
  public static void sweepLater() {
    if (!PIPES.isEmpty()) {
      Thread.startVirtualThread(Abandoned::sweep);
    }
  }

  /** Removes the files of those that nobody holds any more. */
  public static void sweep() {
    if (!PIPES.isEmpty()) {
      PIPES.removeIf(SharedPipe::unlinkIfUnheld);
    }
  }
}
