package dev.procession.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a call gets on, by what had ended when the last item did: between items, what is left
 * goes down by the clock, and the rate stays. For any thread.
 */
final class Pace {
  private final long total;
  private final LongSupplier clock;
  private final long begin;

  // guarded by this
  private long done;
  private long reached;

  /**
   * @param total items, -1 if that is not known
   * @param clock nanoseconds
   */
  Pace(long total, LongSupplier clock) {
    this.total = total;
    this.clock = clock;
    this.begin = clock.getAsLong();
    this.reached = begin;
  }

  synchronized void reach(long items) {
    if (items > done) {
      done = items;
      reached = clock.getAsLong();
    }
  }

  /** Items per second; 0 while nothing is known. */
  synchronized double rate() {
    long nanos = reached - begin;
    return nanos <= 0 ? 0 : (double) done * TimeUnit.SECONDS.toNanos(1) / nanos;
  }

  /** The time that all others will take; empty while nothing is known, or how many they are. */
  synchronized Optional<Duration> left() {
    if (done == 0 || total < 0) {
      return Optional.empty();
    }
    double perItem = (double) (reached - begin) / done;
    long left = Math.round(perItem * (total - done)) - (clock.getAsLong() - reached);
    return Optional.of(Duration.ofNanos(Math.max(0, left)));
  }
}
