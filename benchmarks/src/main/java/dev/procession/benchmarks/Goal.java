package dev.procession.benchmarks;

/**
 * What the library shall reach.
 *
 * @param bound how many times, or how much
 */
record Goal(Kind kind, double bound) {
  /** What is bounded. */
  enum Kind {
    /** How many times as fast as the other, at least. */
    TIMES_AS_FAST,
    /** How many times as long as the other, at most. */
    TIMES_AS_LONG,
    /** The amount itself, at most. */
    AMOUNT
  }

  /** So many times as fast as the other. */
  static Goal timesAsFast(double times) {
    return new Goal(Kind.TIMES_AS_FAST, times);
  }

  /** At most so many times as long as the other. */
  static Goal timesAsLong(double times) {
    return new Goal(Kind.TIMES_AS_LONG, times);
  }

  boolean isMet(double ours, double theirs) {
    return switch (kind) {
      case TIMES_AS_FAST -> theirs / ours >= bound;
      case TIMES_AS_LONG -> ours / theirs <= bound;
      case AMOUNT -> ours <= bound;
    };
  }

  String text(Unit unit) {
    return switch (kind) {
      case TIMES_AS_FAST -> "≥ " + Unit.number(bound) + " × as fast";
      case TIMES_AS_LONG -> "≤ " + Unit.number(bound) + " × as long";
      case AMOUNT -> "≤ " + unit.format(bound);
    };
  }
}
