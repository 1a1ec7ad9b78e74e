package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A program of the cookbook: a file whose first line says what it does, and whose last comment what
 * it prints.
 *
 * @param file of the source
 * @param source its text
 */
record Recipe(Path file, String source) {
  static List<Recipe> all() throws IOException {
    try (Stream<Path> files = Files.walk(Sources.ROOT.resolve("examples/recipes"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .map(Recipe::read)
          .toList();
    }
  }

  private static Recipe read(Path file) {
    try {
      return new Recipe(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder that it is in. */
  String group() {
    return file.getParent().getFileName().toString();
  }

  String mainClass() {
    return file.getFileName().toString().replace(".java", "");
  }

  /** What it is run by. */
  String name() {
    return mainClass().replaceAll("(?<!^)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  String description() {
    String line = source.lines().findFirst().orElseThrow();
    assertThat(line).as("first line of " + file).matches("// [A-Z].{1,70}[.]");
    return line.substring("// ".length());
  }

  /** Asserts that a program is this one: that it ends well, and prints what it should. */
  void assertIs(Program program) throws IOException, InterruptedException {
    ExpectedOutput expected = ExpectedOutput.of(this);
    program.assertEndsWell();
    expected.assertMatches(program.output());
  }
}
