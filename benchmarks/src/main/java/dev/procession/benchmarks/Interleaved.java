package dev.procession.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Measures contenders in turns, A B A B, so that whatever else the machine does meets them alike.
 */
final class Interleaved {
  private Interleaved() {}

  /**
   * The median of each contender.
   *
   * @param warmUps turns that do not count
   * @param turns that do
   */
  static List<Median> run(int warmUps, int turns, List<Contender> contenders)
      throws IOException, ExecutionException, InterruptedException {
    double[][] samples = new double[contenders.size()][turns];
    for (int turn = -warmUps; turn < turns; turn++) {
      for (int i = 0; i < samples.length; i++) {
        double sample = contenders.get(i).sampler().sample();
        if (turn >= 0) {
          samples[i][turn] = sample;
        }
      }
    }
    List<Median> medians = new ArrayList<>();
    for (int i = 0; i < samples.length; i++) {
      medians.add(Median.of(contenders.get(i).name(), samples[i]));
    }
    return medians;
  }

  /**
   * What a contender took.
   *
   * @param low the lower quartile
   * @param high the upper one
   */
  record Median(String name, double value, double low, double high) {
    static Median of(String name, double[] samples) {
      double[] sorted = samples.clone();
      Arrays.sort(sorted);
      int last = sorted.length - 1;
      return new Median(name, sorted[last / 2], sorted[last / 4], sorted[last - last / 4]);
    }
  }
}
