package dev.procession.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chapter by error messages: each exception has its section, and no message is made up. */
class TroubleshootingTest {
  private static final String CHAPTER = Texts.chapter("15-troubleshooting.md");

  private static final Pattern PUBLIC =
      Pattern.compile("(?m)^public [a-z ]*class (\\w+) extends \\w*(?:Exception|Error)\\b");

  private static final Pattern HEADING = Pattern.compile("(?m)^##+ (.+)$");
  private static final Pattern MESSAGE = Pattern.compile("(?m)^\\| `([^`]+)` \\| \\[");

  @Test
  void exceptions_ofTheLibrary_allHaveASection() {
    List<String> classes =
        sources()
            .filter(file -> !file.toString().contains("internal"))
            .flatMap(file -> PUBLIC.matcher(Texts.read(file)).results())
            .map(found -> found.group(1))
            .toList();

    assertThat(classes).contains("ProcessionException", "WorkerDiedException");
    assertThat(HEADING.matcher(CHAPTER).results().map(heading -> heading.group(1)))
        .containsAll(classes);
  }

  @Test
  void messages_ofTheList_areThoseOfTheSources() {
    String sources = sources().map(Texts::read).collect(Collectors.joining());
    List<String> messages =
        MESSAGE.matcher(CHAPTER).results().map(message -> message.group(1)).toList();

    assertThat(messages).isNotEmpty().doesNotHaveDuplicates();
    assertThat(messages).filteredOn(message -> !isIn(sources, message)).isEmpty();
  }

  /** Three dots stand for anything. */
  private static boolean isIn(String sources, String message) {
    return Arrays.stream(message.split("…", -1)).allMatch(sources::contains);
  }

  private static Stream<Path> sources() {
    return Stream.of("core", "micrometer", "progress")
        .flatMap(module -> Texts.find(module + "/src/main/java", ".java").stream());
  }
}
