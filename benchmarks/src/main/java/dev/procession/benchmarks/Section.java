package dev.procession.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What a comparison has found.
 *
 * @param name of the comparison, and of its chart's file
 * @param title what it is about
 */
record Section(String name, String title, List<Line> lines) {
  /** A heading and a table, in Markdown. */
  String toMarkdown() {
    List<String> rows = new ArrayList<>();
    rows.add(row(Line.HEADINGS));
    rows.add("|---".repeat(Line.HEADINGS.size()) + "|");
    lines.forEach(line -> rows.add(row(line.cells())));
    return "## " + title + "\n\n" + String.join("\n", rows) + '\n';
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
