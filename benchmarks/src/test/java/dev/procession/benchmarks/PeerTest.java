package dev.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs in other languages, here a shell's. */
class PeerTest {
  @Test
  void ask_program_answersEachTime() throws Exception {
    try (Peer peer =
        Peer.start(shell("echo Shell 1; while read x; do echo 2.5; done")).orElseThrow()) {
      assertThat(peer.description()).isEqualTo("Shell 1");
      assertThat(peer.ask()).isEqualTo(2.5);
      assertThat(peer.ask()).isEqualTo(2.5);
    }
  }

  @Test
  void start_programThatCannot_isEmpty() throws Exception {
    assertThat(Peer.start(shell("exit 0"))).isEmpty();
  }

  @Test
  void start_programThatFails_saysSo() {
    assertThatThrownBy(() -> Peer.start(shell("exit 3")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("status=3");
  }

  private static List<String> shell(String script) {
    return List.of("sh", "-c", script);
  }
}
