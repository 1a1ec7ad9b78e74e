package dev.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is measured when, and who is ended; peers are a shell's programs. */
class ContendersTest {
  private final List<String> order = new ArrayList<>();
  private @TempDir Path folder;

  @Test
  void measure_warmUps_doNotCountAndContendersTakeTurns() throws Exception {
    try (Contenders contenders = new Contenders()) {
      contenders.add("a", turnOf("a"));
      contenders.add("b", turnOf("b"));

      List<Measured> measured = contenders.measure(1, 2);

      assertThat(order).containsExactly("a", "b", "a", "b", "a", "b");
      assertThat(measured).extracting(Measured::name).containsExactly("a", "b");
      assertThat(measured.getFirst().samples()).containsExactly(3.0, 5.0);
      assertThat(measured.getLast().samples()).containsExactly(4.0, 6.0);
    }
  }

  @Test
  void add_peer_hasItsDescriptionAndItsPlace() throws Exception {
    try (Contenders contenders = new Contenders()) {
      contenders.add("a", turnOf("a"));
      assertThat(contenders.add("of ", peer("first"))).isTrue();
      assertThat(contenders.add("of ", Optional.empty())).isFalse();
      contenders.add("b", turnOf("b"));

      List<Measured> measured = contenders.measure(0, 1);

      assertThat(measured).extracting(Measured::name).containsExactly("a", "of first", "b");
      assertThat(measured.get(1).samples()).containsExactly(2.5);
    }
  }

  @Test
  void close_neverMeasured_endsPeers() throws Exception {
    try (Contenders contenders = new Contenders()) {
      contenders.add("", peer("first"));
      contenders.add("", peer("second"));
    }

    assertThat(folder).isDirectoryContaining("glob:**/first");
    assertThat(folder).isDirectoryContaining("glob:**/second");
  }

  @Test
  void close_samplerHasThrown_endsPeers() {
    assertThatThrownBy(this::measureWithOneThatThrows).hasMessage("on purpose");

    assertThat(folder).isDirectoryContaining("glob:**/first");
  }

  private void measureWithOneThatThrows() throws Exception {
    try (Contenders contenders = new Contenders()) {
      contenders.add("", peer("first"));
      contenders.add(
          "b",
          () -> {
            throw new IOException("on purpose");
          });
      contenders.measure(0, 1);
    }
  }

  @Test
  void close_oneFails_endsTheOthers() throws Exception {
    Contenders contenders = new Contenders();
    contenders.add("", peer("first"));
    contenders.add("", deaf());
    contenders.add("", peer("last"));
    assertThatThrownBy(() -> contenders.measure(0, 1)).isInstanceOf(IOException.class);

    assertThatThrownBy(contenders::close).isInstanceOf(IOException.class);

    assertThat(folder).isDirectoryContaining("glob:**/first");
    assertThat(folder).isDirectoryContaining("glob:**/last");
  }

  /** Notes that it is its turn, and which one of all that is. */
  private Sampler turnOf(String name) {
    return () -> {
      order.add(name);
      return order.size();
    };
  }

  /** Leaves a file of its name when it ends. */
  private Optional<Peer> peer(String name) throws Exception {
    return shell(
        "echo " + name + "; while read x; do echo 2.5; done; touch " + folder.resolve(name));
  }

  /** Its question stays unsent, so that closing it fails as well. */
  private static Optional<Peer> deaf() throws Exception {
    return shell("exec <&-; echo deaf");
  }

  private static Optional<Peer> shell(String script) throws Exception {
    return Peer.start(List.of("sh", "-c", script));
  }
}
