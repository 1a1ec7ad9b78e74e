package dev.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Ratios and verdicts; losing lines are lines. */
class LineTest {
  private static final Measured FAST = Measured.once("fast", Unit.NANOSECONDS, 100);
  private static final Measured SLOW = Measured.once("slow", Unit.NANOSECONDS, 250);

  @Test
  void cells_oursIsFaster_saysHowManyTimes() {
    assertThat(Line.timesAsFast("it", FAST, SLOW, 2).cells())
        .containsExactly(
            "it", "fast: 100 ns", "slow: 250 ns", "2.50 × as fast", "≥ 2 × as fast, met");
  }

  @Test
  void cells_oursIsSlower_saysSo() {
    assertThat(Line.timesAsFast("it", SLOW, FAST, 2).cells())
        .endsWith("2.50 × as long", "≥ 2 × as fast, **missed**");
    assertThat(Line.timesAsLong("it", SLOW, FAST, 3).cells())
        .endsWith("2.50 × as long", "≤ 3 × as long, met");
  }

  @Test
  void cells_amount_isComparedWithItsBound() {
    assertThat(Line.atMost("it", SLOW, 249).cells())
        .containsExactly("it", "slow: 250 ns", "", "", "≤ 249 ns, **missed**");
  }

  @Test
  void cells_withoutGoalOrSkipped_sayNothingOfIt() {
    assertThat(Line.forTheRecord("it", FAST, SLOW).cells()).endsWith("2.50 × as fast", "");
    assertThat(Line.skipped("it", "nobody there").cells())
        .containsExactly("it", "", "skipped: nobody there", "", "");
  }
}
