package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the comments at the end of recipes expect, and what they refuse. */
class ExpectedOutputTest {
  private static final String BOTH = "// Output:\n// one\n\n// Standard error:\n// two\n";

  @Test
  void comments_areWhatEachStreamPrints() {
    ExpectedOutput output = ExpectedOutput.of(recipe(BOTH));
    ExpectedOutput errors = ExpectedOutput.ofErrors(recipe(BOTH));
    assertThat(output.lines()).isEqualTo(List.of("one"));
    assertThat(errors.lines()).isEqualTo(List.of("two"));
    assertRefuses(output, "two\n");
    assertRefuses(errors, "one\n");
  }

  @Test
  void noCommentOfStandardError_refusesAnyOnIt() {
    ExpectedOutput errors = ExpectedOutput.ofErrors(recipe("// Output:\n// one\n"));
    assertAccepts(errors, "");
    assertRefuses(errors, "warning\n");
  }

  @Test
  void order_countsUnlessTheCommentSaysOtherwise() {
    String lines = "// one\n// two\n";
    assertRefuses(ExpectedOutput.of(recipe("// Output:\n" + lines)), "two\none\n");
    assertAccepts(ExpectedOutput.of(recipe("// Output, in any order:\n" + lines)), "two\none\n");
  }

  @Test
  void wordInBrackets_isANumberAndTheSameInALine() {
    ExpectedOutput output = ExpectedOutput.of(recipe("// Output:\n// <n> of <n>, <m> to go\n"));
    assertAccepts(output, "4 of 4, 5 to go\n");
    assertRefuses(output, "4 of 5, 5 to go\n");
    assertRefuses(output, "four of four, 5 to go\n");
  }

  @Test
  void dotsAtTheEnd_areAnythingButAnotherBeginning() {
    ExpectedOutput output = ExpectedOutput.of(recipe("// Output:\n// pid <n> says...\n"));
    assertAccepts(output, "pid 4 says (hello)\n");
    assertRefuses(output, "pid 4 said (hello)\n");
  }

  private static Recipe recipe(String comments) {
    return new Recipe(Path.of("Example.java"), "// Prints.\n\nvoid main() {}\n\n" + comments);
  }

  private static void assertAccepts(ExpectedOutput expected, String printed) {
    assertThatCode(() -> expected.assertMatches(printed)).doesNotThrowAnyException();
  }

  private static void assertRefuses(ExpectedOutput expected, String printed) {
    assertThatThrownBy(() -> expected.assertMatches(printed)).isInstanceOf(AssertionError.class);
  }
}
