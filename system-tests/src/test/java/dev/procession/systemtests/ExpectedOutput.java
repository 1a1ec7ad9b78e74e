package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program prints, as the comments at its end say:
 *
 * <pre>
 * // Output:
 * // worker &lt;pid&gt; has ended
 *
 * // Standard error:
 * // worker &lt;pid&gt; fails: ...
 * </pre>
 *
 * <p>A word in angle brackets stands for a number, the same word in a line for the same number;
 * three dots at the end of a line for anything. If processes print at the same time, the comment
 * begins with {@code // Output, in any order:}. Without the second comment, nothing is expected on
 * standard error.
 *
 * @param what it is, for messages
 * @param lines of the comment
 * @param ordered whether they come in this order
 */
record ExpectedOutput(String what, List<String> lines, boolean ordered) {
  private static final String REST_OF_COMMENT = "(, in any order)?:\n((?://.*\n)+)";

  private static final Pattern COMMENTS =
      Pattern.compile(
          "\n// Output" + REST_OF_COMMENT + "(?:\n// Standard error" + REST_OF_COMMENT + ")?\\z");

  private static final Pattern PLACEHOLDER = Pattern.compile("<([a-z]+)>");

  private static final String NUMBER = "[0-9]+(?:[.][0-9]+)?";

  private static final String ANYTHING = "...";

  static ExpectedOutput of(Recipe recipe) {
    Matcher comments = commentsOf(recipe);
    return new ExpectedOutput(
        "output of " + recipe.name(), lines(comments.group(2)), comments.group(1) == null);
  }

  static ExpectedOutput ofErrors(Recipe recipe) {
    Matcher comments = commentsOf(recipe);
    List<String> lines = comments.group(4) == null ? List.of() : lines(comments.group(4));
    return new ExpectedOutput(
        "standard error of " + recipe.name(), lines, comments.group(3) == null);
  }

  private static Matcher commentsOf(Recipe recipe) {
    Matcher comments = COMMENTS.matcher(recipe.source());
    assertThat(comments.find()).as("output at the end of %s", recipe.file()).isTrue();
    return comments;
  }

  private static List<String> lines(String comment) {
    return comment.lines().map(line -> line.replaceFirst("// ?", "")).toList();
  }

  void assertMatches(String output) {
    var printed = assertThat(output.lines().map(this::asExpected)).as(what);
    if (ordered) {
      printed.containsExactlyElementsOf(lines);
    } else {
      printed.containsExactlyInAnyOrderElementsOf(lines);
    }
  }

  /** The line of the comment that it matches; if there is none, itself. */
  private String asExpected(String printed) {
    return lines.stream()
        .filter(line -> pattern(line).matcher(printed).matches())
        .findFirst()
        .orElse(printed);
  }

  private static Pattern pattern(String line) {
    StringBuilder pattern = new StringBuilder();
    Set<String> known = new HashSet<>();
    int end = 0;
    for (MatchResult placeholder : PLACEHOLDER.matcher(line).results().toList()) {
      pattern.append(Pattern.quote(line.substring(end, placeholder.start())));
      String name = placeholder.group(1);
      pattern.append(known.add(name) ? "(?<" + name + '>' + NUMBER + ')' : "\\k<" + name + '>');
      end = placeholder.end();
    }
    String rest = line.substring(end);
    return Pattern.compile(
        rest.endsWith(ANYTHING)
            ? pattern + Pattern.quote(rest.replace(ANYTHING, "")) + ".*"
            : pattern + Pattern.quote(rest));
  }
}
