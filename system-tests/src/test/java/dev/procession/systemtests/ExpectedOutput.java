package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program prints, as the comment at its end says:
 *
 * <pre>
 * // Output:
 * // worker &lt;pid&gt; has ended
 * </pre>
 *
 * <p>A word in angle brackets stands for a number, the same word in a line for the same number. If
 * processes print at the same time, the comment begins with {@code // Output, in any order:}.
 *
 * @param program its name
 * @param lines of the comment
 * @param ordered whether they come in this order
 */
record ExpectedOutput(String program, List<String> lines, boolean ordered) {
  private static final Pattern COMMENT =
      Pattern.compile("\n// Output(, in any order)?:\n((?://.*\n)+)\\z");

  private static final Pattern PLACEHOLDER = Pattern.compile("<([a-z]+)>");

  private static final String NUMBER = "[0-9]+(?:[.][0-9]+)?";

  static ExpectedOutput of(Recipe recipe) {
    Matcher comment = COMMENT.matcher(recipe.source());
    assertThat(comment.find()).as("output at the end of %s", recipe.file()).isTrue();
    List<String> lines =
        comment.group(2).lines().map(line -> line.replaceFirst("// ?", "")).toList();
    return new ExpectedOutput(recipe.name(), lines, comment.group(1) == null);
  }

  void assertMatches(String output) {
    var printed = assertThat(output.lines().map(this::asExpected)).as("output of %s", program);
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
    return Pattern.compile(pattern.append(Pattern.quote(line.substring(end))).toString());
  }
}
