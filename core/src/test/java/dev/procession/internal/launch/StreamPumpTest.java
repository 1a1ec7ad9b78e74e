package dev.procession.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamPumpTest {
  private static final int LONGEST = 64 * 1024;

  private static String carry(String printed, String prefix) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    byte[] bytes = printed.getBytes(StandardCharsets.UTF_8);
    new StreamPump(new ByteArrayInputStream(bytes), target, () -> prefix, 16).run();
    return target.toString(StandardCharsets.UTF_8);
  }

  @Test
  void run_withPrefix_isBeforeEachLineAndTheLastIsEnded() {
    assertThat(carry("one\n\ntwo", "> ")).isEqualTo("> one\n> \n> two\n");
  }

  @Test
  void run_withoutPrefix_carriesBytesAsTheyAre() {
    assertThat(carry("one\n\ntwo", "")).isEqualTo("one\n\ntwo");
  }

  @Test
  void run_noLineEverEnds_goesInPartsOfBoundedSize() {
    String carried = carry("x".repeat(3 * LONGEST), "> ");

    assertThat(carried.lines()).hasSize(4).allMatch(line -> line.length() <= LONGEST + 2);
    assertThat(carried.replaceAll("[> \n]", "")).hasSize(3 * LONGEST);
  }
}
