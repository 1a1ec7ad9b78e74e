package dev.procession.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates, and times left. */
class PaceTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Pace pace = new Pace(10, now::get);

  @Test
  void all_beforeTheFirstItem_isNotKnown() {
    wait(5);
    pace.reach(0);

    assertThat(pace.left()).isEmpty();
    assertThat(pace.rate()).isZero();
  }

  @Test
  void left_afterItems_isWhatTheOthersTakeAtTheirRate() {
    wait(8);
    pace.reach(4);

    assertThat(pace.left()).hasValue(Duration.ofSeconds(12));
    assertThat(pace.rate()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void left_whileNothingEnds_goesDownToZeroAndTheRateStays() {
    wait(8);
    pace.reach(4);
    wait(5);
    pace.reach(4);

    assertThat(pace.left()).hasValue(Duration.ofSeconds(7));
    assertThat(pace.rate()).isCloseTo(0.5, within(1e-9));
    wait(50);
    assertThat(pace.left()).hasValue(Duration.ZERO);
  }

  @Test
  void left_whenAllAreDone_isZero() {
    wait(8);
    pace.reach(10);

    assertThat(pace.left()).hasValue(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"0, ?/s", "14.56, 14.6/s", "1, 1.0/s", "0.5, 30.0/min", "0.01, 36.0/h"})
  void rate_format_isInAUnitInWhichItIsAtLeastOne(double rate, String text) {
    assertThat(PaceRenderer.format(rate)).isEqualTo(text);
  }

  private void wait(int seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
