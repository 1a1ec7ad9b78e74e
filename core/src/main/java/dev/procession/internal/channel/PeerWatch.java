package dev.procession.internal.channel;

import java.util.concurrent.TimeUnit;

/**
 * Whether anybody holds an end: asks the system now and then, so that neither waiting for the dead
 * nor sending to them goes on for long. Thread-safe: threads that race here ask twice, or late
 * once.
 */
final class PeerWatch {
  /** How often to ask the system whether those who hold it live. */
  static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Holders holders;
  private long looked = System.nanoTime();
  private boolean heard;

  PeerWatch(Holders holders) {
    this.holders = holders;
  }

  /** Something was received from there: the next question need not be asked. */
  void heard() {
    heard = true;
  }

  boolean isHeld() {
    if (heard) {
      heard = false;
      return holders.isHeld();
    }
    if (System.nanoTime() - looked < LOOK_NANOS) {
      return holders.isHeld();
    }
    looked = System.nanoTime();
    Abandoned.sweepLater();
    return isHeldByLiving();
  }

  /** Asks the system. */
  boolean isHeldByLiving() {
    return holders.isHeldByLiving();
  }
}
