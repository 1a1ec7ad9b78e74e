package dev.procession.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table.
 *
 * @param what is compared
 * @param ours what the library takes; null if that was not measured
 * @param theirs what the other takes; null if there is none
 * @param goal null if none was set
 * @param skipped why nothing was measured, or empty
 */
record Line(
    String what,
    @Nullable Measured ours,
    @Nullable Measured theirs,
    @Nullable Goal goal,
    String skipped) {

  static final List<String> HEADINGS = List.of("What", "Procession", "Against", "Ratio", "Wanted");

  /** The library shall be so many times as fast as the other. */
  static Line timesAsFast(String what, Measured ours, Measured theirs, double times) {
    return new Line(what, ours, theirs, Goal.timesAsFast(times), "");
  }

  /** The library shall take at most so many times as long as the other. */
  static Line timesAsLong(String what, Measured ours, Measured theirs, double times) {
    return new Line(what, ours, theirs, Goal.timesAsLong(times), "");
  }

  /** For the record: how the library relates to the other. */
  static Line forTheRecord(String what, Measured ours, Measured theirs) {
    return new Line(what, ours, theirs, null, "");
  }

  /** For the record: what the library takes. */
  static Line forTheRecord(String what, Measured ours) {
    return new Line(what, ours, null, null, "");
  }

  /** An amount that shall not be exceeded. */
  static Line atMost(String what, Measured ours, double most) {
    return new Line(what, ours, null, new Goal(Goal.Kind.AMOUNT, most), "");
  }

  /** What could not be compared. */
  static Line skipped(String what, String why) {
    return new Line(what, null, null, null, why);
  }

  /** Who of the two is faster, and how many times. */
  private String ratio() {
    if (ours == null || theirs == null) {
      return "";
    }
    double ratio = theirs.median() / ours.median();
    return ratio >= 1 ? Unit.number(ratio) + " × as fast" : Unit.number(1 / ratio) + " × as long";
  }

  private String wanted() {
    if (goal == null || ours == null) {
      return "";
    }
    boolean met = goal.isMet(ours.median(), theirs == null ? 0 : theirs.median());
    return goal.text(ours.unit()) + (met ? ", met" : ", **missed**");
  }

  /** A row for {@link #HEADINGS}. */
  List<String> cells() {
    String against = skipped.isEmpty() ? cell(theirs) : "skipped: " + skipped;
    return List.of(what, cell(ours), against, ratio(), wanted());
  }

  private static String cell(@Nullable Measured measured) {
    return measured == null ? "" : measured.name() + ": " + measured.text();
  }
}
