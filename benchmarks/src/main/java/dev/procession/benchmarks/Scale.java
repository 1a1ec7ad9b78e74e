package dev.procession.benchmarks;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A logarithmic scale of whole decades.
 *
 * @param first exponent, to the base of ten, of its left end
 * @param last that of its right end, which is another
 */
record Scale(int first, int last, double left, double right) {
  /** The smallest that shows all of these. */
  static Scale of(List<Measured> contenders, double left, double right) {
    int first =
        (int) Math.floor(contenders.stream().mapToDouble(c -> log(c.low())).min().orElseThrow());
    int last =
        (int) Math.ceil(contenders.stream().mapToDouble(c -> log(c.high())).max().orElseThrow());
    return new Scale(first, Math.max(last, first + 1), left, right);
  }

  double place(double value) {
    return left + (log(value) - first) / (last - first) * (right - left);
  }

  List<Double> ticks() {
    return DoubleStream.iterate(first, exponent -> exponent <= last, exponent -> exponent + 1)
        .map(exponent -> Math.pow(10, exponent))
        .boxed()
        .toList();
  }

  /** Nothing is shorter than a thousandth of the unit. */
  private static double log(double value) {
    return Math.log10(Math.max(value, 1e-3));
  }
}
