package dev.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where values are on a chart. */
class ScaleTest {
  private static final int LEFT = 100;
  private static final int RIGHT = 400;

  @Test
  void of_values_isWholeDecadesAroundThem() {
    Scale scale = scale(20, 900);

    assertThat(scale.ticks()).containsExactly(10.0, 100.0, 1000.0);
    assertThat(scale.place(10)).isEqualTo(LEFT);
    assertThat(scale.place(100)).isEqualTo((LEFT + RIGHT) / 2.0, within(1e-9));
    assertThat(scale.place(1000)).isEqualTo(RIGHT);
  }

  @Test
  void of_oneWholeDecade_hasTwoEnds() {
    assertThat(scale(100, 100).ticks()).containsExactly(100.0, 1000.0);
  }

  @Test
  void of_zero_staysOnTheChart() {
    assertThat(scale(0, 1).place(0)).isEqualTo(LEFT);
  }

  private static Scale scale(double... values) {
    List<Measured> measured =
        Arrays.stream(values)
            .mapToObj(value -> Measured.once("somebody", Unit.NANOSECONDS, value))
            .toList();
    return Scale.of(measured, LEFT, RIGHT);
  }
}
