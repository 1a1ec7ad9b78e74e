package dev.procession.site;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The Java that the guide and the README show is that of programs which are compiled and tested:
 * the text of a part of a file that is whole, white space and assertions aside.
 */
class ExamplesTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```$");
  private static final Pattern ASSERTION = Pattern.compile("(?s)\\bassertThat\\w*\\(.*?;\n");

  @Test
  void blocks_areOfCompiledFiles() {
    List<String> sources =
        Stream.concat(
                Texts.find("examples/recipes", ".java").stream(),
                Texts.find("examples/src/test/java/dev/procession/examples/guide", ".java")
                    .stream())
            .map(file -> comparable(Texts.read(file)))
            .toList();
    var elsewhere = new ArrayList<String>();
    texts()
        .forEach(
            (file, text) ->
                BLOCK
                    .matcher(text)
                    .results()
                    .map(block -> block.group(1))
                    .filter(block -> !isWhole(block) || !isIn(sources, block))
                    .forEach(block -> elsewhere.add(file + ": " + block.split("\n", 2)[0])));

    assertThat(elsewhere).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"int a = 1;, true", "int  a=1 ;, true", "int a = 2;, false"})
  void isIn_spacesAndAssertionsAside(String block, boolean expected) {
    var source = comparable("void it() {\n  int a =\n      1;\n  assertThat(a).is(\n    1);\n}\n");

    assertThat(isIn(List.of(source), block)).isEqualTo(expected);
    assertThat(isIn(List.of(source), block + "}")).isEqualTo(expected);
  }

  private static Map<Path, String> texts() {
    return Stream.concat(
            Stream.of(Texts.ROOT.resolve("README.md")), Texts.find("docs/guide", ".md").stream())
        .collect(toMap(Path::getFileName, Texts::read));
  }

  /** Whether nothing is cut off at its end. */
  private static boolean isWhole(String block) {
    return block.chars().filter(c -> c == '{').count()
        == block.chars().filter(c -> c == '}').count();
  }

  private static boolean isIn(List<String> sources, String block) {
    return sources.stream().anyMatch(source -> source.contains(comparable(block)));
  }

  private static String comparable(String text) {
    return ASSERTION.matcher(text).replaceAll("").replaceAll("\\s+", "");
  }
}
