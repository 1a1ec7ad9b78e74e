package dev.procession.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  /** What is read at once ends within a line, of which the rest is there. */
  @Test
  void run_withoutPrefix_writesLinesWhole() {
    List<String> written = new ArrayList<>();
    OutputStream target =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            written.add(toString(StandardCharsets.UTF_8));
            reset();
          }
        };
    String printed = ("x".repeat(99) + "\n").repeat(1000) + "prompt> ";
    byte[] bytes = printed.getBytes(StandardCharsets.UTF_8);
    new StreamPump(new ByteArrayInputStream(bytes), target, () -> "", 16).run();

    assertThat(String.join("", written)).isEqualTo(printed);
    assertThat(written).hasSizeGreaterThan(2);
    assertThat(written.subList(0, written.size() - 1)).allMatch(part -> part.endsWith("\n"));
  }

  @Test
  void run_noLineEverEnds_goesInPartsOfBoundedSize() {
    String carried = carry("x".repeat(3 * LONGEST), "> ");

    assertThat(carried.lines()).hasSize(4).allMatch(line -> line.length() <= LONGEST + 2);
    assertThat(carried.replaceAll("[> \n]", "")).hasSize(3 * LONGEST);
  }
}
