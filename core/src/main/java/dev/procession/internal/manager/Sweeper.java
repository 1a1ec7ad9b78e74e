package dev.procession.internal.manager;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets the JVM collect garbage where proxies may be among it: an object that only such a proxy
 * holds would stay as long as there is memory. It takes a hundredth of the time at most. For a
 * process that is for nothing else, and one thread.
 */
final class Sweeper implements Consumer<Server> {
  private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
  private static final int SHARE = 100;

  private long pause = SHORTEST;
  private long last = System.nanoTime() - SHORTEST;

  @Override
  public void accept(Server server) {
    if (server.hasSomeHeldOnlyHere()) {
      sweep();
    }
  }

  private void sweep() {
    long start = System.nanoTime();
    if (start - last >= pause) {
      System.gc();
      last = System.nanoTime();
      pause = Math.max(SHORTEST, SHARE * (last - start));
    }
  }
}
