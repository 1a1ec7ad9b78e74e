package dev.procession.internal.channel;

import dev.procession.internal.os.SystemThreads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process has let go of while others may still use it. Pipes that it has created: their
 * files are removed when nobody holds them any more. Messages with something outside of their
 * bytes: that is freed when nobody can receive them any more. It is looked for when a pipe is
 * created or let go of, when a worker has ended, and now and then while somebody waits.
 * Thread-safe.
 */
public final class Abandoned {
  private static final Set<SharedPipe> PIPES = ConcurrentHashMap.newKeySet();
  private static final Set<Lane> LANES = ConcurrentHashMap.newKeySet();

  private Abandoned() {}

  static void add(SharedPipe pipe) {
    PIPES.add(pipe);
  }

  static void remove(SharedPipe pipe) {
    PIPES.remove(pipe);
  }

  /** Messages were sent there that have something outside of their bytes. */
  static void add(Lane lane) {
    LANES.add(lane);
  }

  /** All of them have been received, or never will be. */
  static void remove(Lane lane) {
    LANES.remove(lane);
  }

  /** Does so in a thread of its own, as somebody may have stopped while changing a pipe's table. */
  public static void sweepLater() {
    if (hasAny()) {
      SystemThreads.run(Abandoned::sweep);
    }
  }

  private static boolean hasAny() {
    return !PIPES.isEmpty() || !LANES.isEmpty();
  }

  /** Looks at all of them. */
  public static void sweep() {
    if (!hasAny()) {
      return;
    }
    LANES.forEach(Lane::freeUnreceivable);
    PIPES.removeIf(SharedPipe::unlinkIfUnheld);
  }
}
