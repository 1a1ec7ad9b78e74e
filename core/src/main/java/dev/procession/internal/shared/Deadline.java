package dev.procession.internal.shared;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of a wait, by {@link System#nanoTime}. */
public record Deadline(long start, long nanos) {
  /** A wait without an end. */
  public static final Deadline NEVER = new Deadline(0, Long.MAX_VALUE);

  /** A wait of some nanoseconds from now on; not positive is over at once, the most is never. */
  public static Deadline in(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      return NEVER; // without asking the clock
    }
    return new Deadline(System.nanoTime(), Math.max(0, nanos)); // so that left() cannot overflow
  }

  /** A wait of any time from now on; not positive is over at once, and centuries are for ever. */
  public static Deadline after(Duration time) {
    return in(TimeUnit.NANOSECONDS.convert(time));
  }

  /** Nanoseconds left; not positive when it is over. */
  public long left() {
    return nanos == Long.MAX_VALUE ? Long.MAX_VALUE : nanos - (System.nanoTime() - start);
  }

  /** This one, but at least some nanoseconds from now on. */
  public Deadline atLeast(long least) {
    return left() >= least ? this : in(least);
  }

  public boolean isOver() {
    return left() <= 0;
  }
}
