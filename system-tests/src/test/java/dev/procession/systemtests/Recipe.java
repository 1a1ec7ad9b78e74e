package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program of the cookbook: a file whose first line says what it does, and whose last comment what
 * it prints.
 *
 * @param file of the source
 * @param source its text
 */
record Recipe(Path file, String source) {
  private static final Pattern NEEDS = Pattern.compile("\\A//.*\n// Needs ([a-z-]+)[.]\n");

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

  /** What it runs with: the library, and what its second line may say that it needs besides. */
  List<Path> libraries() {
    Stream<Path> needed =
        NEEDS.matcher(source).results().map(needs -> Sources.dependency(needs.group(1)));
    return Stream.concat(Stream.of(Sources.LIBRARY), needed).toList();
  }

  /** Asserts that a program is this one: that it ends well, and prints what it should. */
  void assertIs(Program program) throws IOException, InterruptedException {
    ExpectedOutput output = ExpectedOutput.of(this);
    ExpectedOutput errors = ExpectedOutput.ofErrors(this);
    program.assertSucceeds();
    output.assertMatches(program.output());
    errors.assertMatches(program.errorOutput());
  }
}
