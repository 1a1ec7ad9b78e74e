package dev.procession.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Those who do what a comparison is about. They are measured in turns, A B A B, so that whatever
 * else the machine does meets them alike. Peers among them are closed with this.
 */
final class Contenders implements AutoCloseable {
  private final List<Contender> contenders = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();

  private record Contender(String name, Sampler sampler) {}

  /** Adds one, named as the table says it. */
  void add(String name, Sampler sampler) {
    contenders.add(new Contender(name, sampler));
  }

  /** Adds a peer, whose description follows the prefix; returns whether there is one. */
  boolean add(String prefix, Optional<Peer> found) {
    found.ifPresent(
        peer -> {
          peers.add(peer);
          add(prefix + peer.description(), peer::ask);
        });
    return found.isPresent();
  }

  /**
   * What each took, in the order in which they were added.
   *
   * @param warmUps turns that do not count
   * @param turns that do
   */
  List<Measured> measure(int warmUps, int turns)
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

  @Override
  public void close() throws IOException {
    close(peers.iterator());
  }

  /** Closes the last one first, and each of them whichever fails. */
  private static void close(Iterator<Peer> peers) throws IOException {
    if (peers.hasNext()) {
      try (Peer _ = peers.next()) {
        close(peers);
      }
    }
  }
}
