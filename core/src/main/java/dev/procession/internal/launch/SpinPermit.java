package dev.procession.internal.launch;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many threads of this process may spin at a time: one less than there are processors, so that
 * whoever is waited for can run. On a single processor nobody spins.
 */
final class SpinPermit {
  /** How long a spin lasts at most, in nanoseconds: about what two wake-ups cost. */
  static final int NANOS = 50_000;

  private final AtomicInteger left =
      new AtomicInteger(Runtime.getRuntime().availableProcessors() - 1);

  boolean tryAcquire() {
    if (left.decrementAndGet() >= 0) {
      return true;
    }
    left.incrementAndGet();
    return false;
  }

  void release() {
    left.incrementAndGet();
  }
}
