package dev.procession.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Measures contenders in turns, A B A B, so that whatever else the machine does meets them alike.
 */
final class Interleaved {
  private Interleaved() {}

  /**
   * What each contender took.
   *
   * @param warmUps turns that do not count
   * @param turns that do
   */
  static List<Measured> run(int warmUps, int turns, List<Contender> contenders)
      throws IOException, ExecutionException, InterruptedException {
    List<List<Double>> samples = new ArrayList<>();
    contenders.forEach(_ -> samples.add(new ArrayList<>()));
    for (int turn = -warmUps; turn < turns; turn++) {
      for (int i = 0; i < contenders.size(); i++) {
        double sample = contenders.get(i).sampler().sample();
        if (turn >= 0) {
          samples.get(i).add(sample);
        }
      }
    }
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      measured.add(new Measured(contenders.get(i).name(), Unit.NANOSECONDS, samples.get(i)));
    }
    return measured;
  }
}
