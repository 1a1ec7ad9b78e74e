package dev.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statistics, on numbers whose statistics are known. */
class MeasuredTest {
  @Test
  void median_unordered_isTheOneInTheMiddle() {
    Measured measured = of(9, 1, 5, 3, 7);

    assertThat(measured.median()).isEqualTo(5);
    assertThat(measured.low()).isEqualTo(3);
    assertThat(measured.high()).isEqualTo(7);
    assertThat(measured.samples()).containsExactly(9.0, 1.0, 5.0, 3.0, 7.0);
  }

  @Test
  void median_evenNumber_isTheLowerOfTheTwo() {
    assertThat(of(4, 1, 3, 2).median()).isEqualTo(2);
  }

  @Test
  void text_oneSample_hasNoQuartiles() {
    assertThat(of(1500).text()).isEqualTo("1.50 µs");
    assertThat(of(1, 2, 3).text()).isEqualTo("2 ns (1 ns – 3 ns)");
  }

  @Test
  void new_withoutSamples_fails() {
    assertThatThrownBy(() -> new Measured("nobody", Unit.BYTES, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Measured of(double... samples) {
    List<Double> list = new ArrayList<>();
    for (double sample : samples) {
      list.add(sample);
    }
    return new Measured("somebody", Unit.NANOSECONDS, list);
  }
}
