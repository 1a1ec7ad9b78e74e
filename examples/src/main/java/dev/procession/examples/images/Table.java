package dev.procession.examples.images;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose cells are in columns: the first to the left, the others to the right. A row with fewer
 * cells than the head ends with a remark, which is as long as it likes.
 */
final class Table {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    this.head = List.of(head);
    rows.add(this.head);
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  void print(PrintStream out) {
    int[] widths = new int[head.size()];
    for (List<String> row : rows) {
      int counted = row.size() < head.size() ? row.size() - 1 : row.size();
      for (int i = 0; i < counted; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    out.println();
    for (List<String> row : rows) {
      out.println(line(row, widths));
    }
  }

  private String line(List<String> row, int... widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      boolean isRemark = row.size() < head.size() && i == row.size() - 1;
      String padding = " ".repeat(isRemark ? 0 : widths[i] - cell.length());
      line.append(i == 0 ? "" : "  ").append(i == 0 ? cell + padding : padding + cell);
    }
    return line.toString().stripTrailing();
  }
}
