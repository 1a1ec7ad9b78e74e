package dev.procession.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One of ours against one of theirs, in a line.
 *
 * @param what is compared
 * @param warmUps turns that do not count
 * @param turns that do
 * @param goal null if none was set
 */
record Duel(String what, int warmUps, int turns, @Nullable Goal goal) {
  /** Opens what one of ours needs, has it meet the peer, and closes that. */
  interface Ours {
    Line meet(Theirs theirs) throws IOException, ExecutionException, InterruptedException;
  }

  /** A peer that is there. */
  interface Theirs {
    /** Measures one of ours, with that name, and the peer. */
    Line meet(String name, Sampler ours)
        throws IOException, ExecutionException, InterruptedException;
  }

  /**
   * Compares with a peer, and closes it. Without one the line is skipped, and nothing opened.
   *
   * @param prefix of the peer's name; its description follows
   * @param skipped why there may be no peer
   */
  Line against(String prefix, Optional<Peer> found, String skipped, Ours ours)
      throws IOException, ExecutionException, InterruptedException {
    if (found.isEmpty()) {
      return Line.skipped(what, skipped);
    }
    try (Peer peer = found.get()) {
      String theirName = prefix + peer.description();
      return ours.meet((name, sampler) -> between(name, sampler, theirName, peer::ask));
    }
  }

  /** Compares two that are there. */
  Line between(String ourName, Sampler ours, String theirName, Sampler theirs)
      throws IOException, ExecutionException, InterruptedException {
    try (Contenders contenders = new Contenders()) {
      contenders.add(ourName, ours);
      contenders.add(theirName, theirs);
      List<Measured> measured = contenders.measure(warmUps, turns);
      return new Line(what, measured.getFirst(), measured.getLast(), goal, "");
    }
  }
}
