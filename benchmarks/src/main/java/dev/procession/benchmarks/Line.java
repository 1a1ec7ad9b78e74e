package dev.procession.benchmarks;

import dev.procession.benchmarks.Interleaved.Median;
import java.util.List;
import java.util.Locale;

/**
 * A line of the table.
 *
 * @param what is compared
 * @param ours what the library takes
 * @param theirs what the other takes, and who that is
 * @param ratio how they relate
 * @param target what the ratio shall be, and whether it is
 */
record Line(String what, String ours, String theirs, String ratio, String target) {

  static final List<String> HEADINGS = List.of("What", "Procession", "Against", "Ratio", "Target");

  /** The library shall be so many times as fast as the other. */
  static Line timesAsFast(String what, Median ours, Median theirs, double times) {
    double ratio = theirs.value() / ours.value();
    return of(
        what,
        ours,
        theirs,
        number(ratio) + " x as fast",
        "at least " + number(times) + verdict(ratio >= times));
  }

  /** The library shall take at most so many times as long as the other. */
  static Line timesAsLong(String what, Median ours, Median theirs, double times) {
    double ratio = ours.value() / theirs.value();
    return of(
        what,
        ours,
        theirs,
        number(ratio) + " x as long",
        "at most " + number(times) + verdict(ratio <= times));
  }

  /** For the record: how the library relates to the other. */
  static Line forTheRecord(String what, Median ours, Median theirs) {
    double ratio = ours.value() / theirs.value();
    return of(what, ours, theirs, number(ratio) + " x as long", "");
  }

  /** A time that shall not be exceeded. */
  static Line atMost(String what, Median ours, double mostNanos) {
    return new Line(
        what,
        ours.name() + ": " + time(ours),
        "",
        "",
        "at most " + duration(mostNanos) + verdict(ours.value() <= mostNanos));
  }

  /** An amount of memory that shall not be exceeded. */
  static Line atMostMiB(String what, double mebibytes, double most) {
    return new Line(
        what,
        number(mebibytes) + " MiB",
        "",
        "",
        "at most " + number(most) + " MiB" + verdict(mebibytes <= most));
  }

  /** Bytes that shall not be exceeded, and how long it took to fill them. */
  static Line atMostBytes(String what, long bytes, long most, double nanos) {
    return new Line(
        what,
        bytes + " bytes, " + duration(nanos),
        "",
        "",
        "at most " + most + " bytes" + verdict(bytes <= most));
  }

  /** What could not be compared. */
  static Line skipped(String what, String why) {
    return new Line(what, "", "skipped: " + why, "", "");
  }

  private static Line of(String what, Median ours, Median theirs, String ratio, String target) {
    return new Line(
        what, ours.name() + ": " + time(ours), theirs.name() + ": " + time(theirs), ratio, target);
  }

  private static String verdict(boolean met) {
    return met ? " (met)" : " (**missed**)";
  }

  private static String time(Median median) {
    return duration(median.value())
        + " ("
        + duration(median.low())
        + " – "
        + duration(median.high())
        + ")";
  }

  private static String duration(double nanos) {
    if (nanos < 1e3) {
      return number(nanos) + " ns";
    }
    return nanos < 1e6 ? number(nanos / 1e3) + " µs" : number(nanos / 1e6) + " ms";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  String toMarkdown() {
    return "| " + String.join(" | ", what, ours, theirs, ratio, target) + " |";
  }
}
