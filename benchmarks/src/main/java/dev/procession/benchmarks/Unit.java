package dev.procession.benchmarks;

import java.util.Locale;

/** In what something is measured. */
enum Unit {
  /** Shown as ns, µs, ms or s, whichever is readable. */
  NANOSECONDS,
  BYTES,
  MEBIBYTES;

  /** An amount of it, as tables and charts show it. */
  String format(double amount) {
    return switch (this) {
      case NANOSECONDS -> duration(amount);
      case BYTES -> number(amount) + " bytes";
      case MEBIBYTES -> number(amount) + " MiB";
    };
  }

  private static String duration(double nanos) {
    if (nanos < 1e3) {
      return number(nanos) + " ns";
    }
    if (nanos < 1e6) {
      return number(nanos / 1e3) + " µs";
    }
    return nanos < 1e9 ? number(nanos / 1e6) + " ms" : number(nanos / 1e9) + " s";
  }

  /** A number with as many places as are readable. */
  static String number(double value) {
    String format =
        value == Math.rint(value) ? "%.0f" : value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }
}
