package dev.procession;

import static java.nio.file.FileVisitResult.CONTINUE;
import static java.nio.file.FileVisitResult.SKIP_SUBTREE;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps {@code docs/conformance.md} true: every number is decided once, with a reason, and every
 * test that a row names exists.
 */
class ConformanceTableTest {
  private static final String TABLE = "docs/conformance.md";

  private static final Map<String, Integer> ROWS_PER_SECTION =
      Map.ofEntries(
          entry("PROC", 33),
          entry("CTX", 20),
          entry("QUE", 21),
          entry("CON", 20),
          entry("SYN", 17),
          entry("SHC", 13),
          entry("SHM", 15),
          entry("MAN", 30),
          entry("POOL", 32),
          entry("DUM", 2),
          entry("LOG", 4),
          entry("MSC", 3),
          entry("EXE", 11),
          entry("FUT", 14),
          entry("TPE", 3),
          entry("PPE", 16),
          entry("IPE", 6),
          entry("INT", 25));

  @Test
  void violations_tableOfTheProject_none() throws IOException {
    var root = repositoryRoot();
    var rules = new Rules(ROWS_PER_SECTION, TestSources.below(root));

    assertThat(ROWS_PER_SECTION.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(285);
    assertThat(rules.violations(Files.readString(root.resolve(TABLE)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("madeUpRows")
  void violations_madeUpRow_reported(String row, List<String> violations) throws IOException {
    var rules = new Rules(Map.of("DUM", 2), TestSources.below(repositoryRoot()));
    var table =
        """
        | ID | Behaviour | Decision | Reason | Test |
        |---|---|---|---|---|
        | DUM-01 | Either a \\| or b. | not applicable | Both. | – |
        %s
        """
            .formatted(row);

    assertThat(rules.violations(table)).isEqualTo(violations);
  }

  static Stream<Arguments> madeUpRows() {
    return Stream.of(
        argumentSet(
            "sound claim",
            "| DUM-02 | B | better | R | `ConformanceTableTest.violations_madeUpRow_reported` |",
            List.of()),
        argumentSet("sound refusal", "| DUM-02 | B | not applicable | R | – |", List.of()),
        argumentSet(
            "unknown class",
            "| DUM-02 | B | same | R | `NoSuchTest.method_case_outcome` |",
            List.of("DUM-02: no test NoSuchTest.method_case_outcome")),
        argumentSet(
            "unknown method",
            "| DUM-02 | B | same | R | `ConformanceTableTest.violations_none` |",
            List.of("DUM-02: no test ConformanceTableTest.violations_none")),
        argumentSet(
            "method that is no test",
            "| DUM-02 | B | same | R | `ConformanceTableTest.madeUpRows` |",
            List.of("DUM-02: no test ConformanceTableTest.madeUpRows")),
        argumentSet(
            "claim without test",
            "| DUM-02 | B | better | R | – |",
            List.of("DUM-02: better, but names no test")),
        argumentSet(
            "test without claim",
            "| DUM-02 | B | not applicable | R | `NoSuchTest.method_case_outcome` |",
            List.of("DUM-02: not applicable, but its test is not –")),
        argumentSet(
            "unknown decision",
            "| DUM-02 | B | maybe | R | – |",
            List.of("DUM-02: decision maybe")),
        argumentSet(
            "no reason", "| DUM-02 | B | not applicable | | – |", List.of("DUM-02: no reason")),
        argumentSet("missing number", "", List.of("DUM-02: missing")),
        argumentSet(
            "number twice",
            "| DUM-01 | B | not applicable | R | – |",
            List.of("DUM-01: twice", "DUM-02: missing")),
        argumentSet(
            "unknown number",
            "| DUM-03 | B | not applicable | R | – |",
            List.of("DUM-03: unknown number", "DUM-02: missing")),
        argumentSet(
            "four cells",
            "| DUM-02 | B | not applicable | R |",
            List.of("not five cells: | DUM-02 | B | not applicable | R |", "DUM-02: missing")));
  }

  /** The folder that holds the table: the working directory of the tests, or one above it. */
  private static Path repositoryRoot() {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(TABLE))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "no folder with " + TABLE + " above " + Path.of("").toAbsolutePath());
  }

  /** What every row of the table, and all of them together, must fulfil. */
  private record Rules(Map<String, Integer> rowsPerSection, TestSources tests) {
    private static final String HEADER = "| ID | Behaviour | Decision | Reason | Test |";
    private static final String RULE = "|---|---|---|---|---|";
    private static final String NOTHING = "–";
    private static final Pattern BORDER = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");

    List<String> violations(String markdown) {
      var violations = new ArrayList<String>();
      var expected = numbers();
      var seen = new HashSet<String>();
      for (var line : rows(markdown)) {
        var cells = cells(line);
        if (cells.size() != 5) {
          violations.add("not five cells: " + line);
          continue;
        }
        var row = new Row(cells.get(0), cells.get(2), cells.get(3), cells.get(4));
        if (!expected.contains(row.id)) {
          violations.add(row.id + ": unknown number");
        }
        if (!seen.add(row.id)) {
          violations.add(row.id + ": twice");
        }
        violations.addAll(violations(row));
      }
      expected.removeAll(seen);
      expected.forEach(id -> violations.add(id + ": missing"));
      return violations;
    }

    private List<String> violations(Row row) {
      var violations = new ArrayList<String>();
      if (row.reason.isEmpty() || row.reason.equals(NOTHING)) {
        violations.add(row.id + ": no reason");
      }
      switch (row.decision) {
        case "same", "better" -> {
          var names = QUOTED.matcher(row.test).results().map(name -> name.group(1)).toList();
          if (names.isEmpty()) {
            violations.add(row.id + ": " + row.decision + ", but names no test");
          }
          names.stream()
              .filter(name -> !tests.contain(name))
              .forEach(name -> violations.add(row.id + ": no test " + name));
        }
        case "not applicable" -> {
          if (!row.test.equals(NOTHING)) {
            violations.add(row.id + ": " + row.decision + ", but its test is not " + NOTHING);
          }
        }
        default -> violations.add(row.id + ": decision " + row.decision);
      }
      return violations;
    }

    private Set<String> numbers() {
      var numbers = new TreeSet<String>();
      rowsPerSection.forEach(
          (section, rows) -> {
            for (int number = 1; number <= rows; number++) {
              numbers.add("%s-%02d".formatted(section, number));
            }
          });
      return numbers;
    }

    private static List<String> rows(String markdown) {
      return markdown
          .lines()
          .map(String::strip)
          .filter(line -> line.startsWith("|") && !line.equals(HEADER) && !line.equals(RULE))
          .toList();
    }

    /** The cells between the first border of the line and its last. */
    private static List<String> cells(String line) {
      var pieces = BORDER.splitAsStream(line + " ").map(String::strip).toList();
      return pieces.subList(1, pieces.size() - 1);
    }
  }

  private record Row(String id, String decision, String reason, String test) {}

  /** The sources of all tests of the repository. */
  private record TestSources(List<Path> files) {
    private static final Pattern NAME = Pattern.compile("([A-Z]\\w*)\\.(\\w+)");
    private static final Pattern TEST_ANNOTATION =
        Pattern.compile("@(Test|ParameterizedTest|TestFactory)\\b");

    static TestSources below(Path root) throws IOException {
      var files = new ArrayList<Path>();
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return folder.endsWith(".git") || folder.endsWith("target") ? SKIP_SUBTREE : CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().replace(File.separatorChar, '/').contains("/src/test/java/")) {
                files.add(file);
              }
              return CONTINUE;
            }
          });
      return new TestSources(List.copyOf(files));
    }

    /** Whether there is a test of that name, which is {@code ClassName.methodName}. */
    boolean contain(String name) {
      var parts = NAME.matcher(name);
      return parts.matches()
          && files.stream()
              .filter(file -> file.endsWith(parts.group(1) + ".java"))
              .anyMatch(file -> declaresTest(read(file), parts.group(2)));
    }

    /** Looks for the method's name behind what it returns, and for its annotation before that. */
    private static boolean declaresTest(String source, String method) {
      var pieces = source.split("\\b(?:void|Stream<DynamicTest>) ", -1);
      for (int i = 1; i < pieces.length; i++) {
        if (pieces[i].startsWith(method + "(") && TEST_ANNOTATION.matcher(pieces[i - 1]).find()) {
          return true;
        }
      }
      return false;
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
