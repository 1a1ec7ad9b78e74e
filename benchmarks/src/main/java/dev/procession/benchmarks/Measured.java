package dev.procession.benchmarks;

import java.util.List;

/**
 * What a contender took.
 *
 * @param name who that is
 * @param samples a number for each turn, in their order
 */
record Measured(String name, Unit unit, List<Double> samples) {
  Measured {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("nothing measured: name=" + name);
    }
    samples = List.copyOf(samples);
  }

  /** Something that is the same whenever it is measured. */
  static Measured once(String name, Unit unit, double amount) {
    return new Measured(name, unit, List.of(amount));
  }

  /** The lower one of the two in the middle, if there are two. */
  double median() {
    return sorted().get(last() / 2);
  }

  /** The lower quartile. */
  double low() {
    return sorted().get(last() / 4);
  }

  /** The upper quartile. */
  double high() {
    return sorted().get(last() - last() / 4);
  }

  private int last() {
    return samples.size() - 1;
  }

  private List<Double> sorted() {
    return samples.stream().sorted().toList();
  }

  /** Measured and quartiles. */
  String text() {
    String median = unit.format(median());
    return samples.size() == 1
        ? median
        : median + " (" + unit.format(low()) + " – " + unit.format(high()) + ")";
  }
}
