package dev.procession.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Output;
import dev.procession.ProcessStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that says what no worker says: its parent ends it, and touches nothing on its behalf.
 */
class RogueWorkerTest {
  /** Runs the rogue where the worker's main class is asked for. */
  private static final String JAVA =
      """
      #!/bin/sh
      for argument do
        shift
        [ "$argument" = WORKER ] && argument='ROGUE'
        set -- "$@" "$argument"
      done
      exec 'JAVA' "$@"
      """;

  /** What the worker runs instead of the library's main: says something, and waits for its end. */
  static final class Rogue {
    private Rogue() {}

    public static void main(String[] arguments) throws IOException {
      WorkerLink link = WorkerLink.open(arguments[0], arguments[1]);
      link.send(Message.HELLO);
      String victim = System.getProperty("rogue.victim");
      if (victim == null) {
        sendNonsense(link);
      } else {
        askForAReplyIn(link, victim);
      }
      while (System.in.read() >= 0) {
        // until the parent lets go
      }
    }

    /**
     * Publishes records, of a type that means nothing here, with a length that cannot be, each
     * until it is right a moment later; the parent sees one of them sooner or later.
     */
    private static void sendNonsense(WorkerLink link) {
      while (true) {
        link.send(
            Message.CHUNK_END,
            Long.BYTES,
            (target, offset) -> target.putInt(offset - Long.BYTES, Integer.MAX_VALUE));
      }
    }

    private static void askForAReplyIn(WorkerLink link, String file) {
      byte[] path = file.getBytes(StandardCharsets.UTF_8);
      int head = 3 * Integer.BYTES;
      link.send(
          Message.FIND_RESOURCE,
          head + path.length,
          (target, offset) -> {
            target.putInt(offset, 1);
            target.putInt(offset + Integer.BYTES, 0);
            target.putInt(offset + 2 * Integer.BYTES, 0);
            target.putBytes(offset + head, path, 0, path.length);
          });
    }
  }

  @TempDir Path home;

  @BeforeEach
  void makeJava() throws IOException {
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    String script =
        JAVA.replace("WORKER", JavaCommand.MAIN_CLASS)
            .replace("ROGUE", Rogue.class.getName())
            .replace("JAVA", System.getProperty("java.home") + "/bin/java");
    Files.writeString(java, script);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void reply_wantedInAnyFile_isNotWrittenAndTheWorkerIsEnded() throws IOException {
    Path victim = Files.writeString(home.resolve("victim"), "precious");

    assertThatThrownBy(
            () ->
                ChildProcess.start(
                    o ->
                        o.withJavaHome(home)
                            .withOutput(Output.CAPTURED)
                            .withSystemProperty("rogue.victim", victim.toString()),
                    () -> {}))
        .isInstanceOf(ProcessStartException.class)
        .hasMessageContaining("no file for a reply");
    assertThat(victim).hasContent("precious");
  }

  @Test
  void ring_wordsThatMakeNoSense_endTheWorker() {
    assertThatThrownBy(
            () ->
                ChildProcess.start(o -> o.withJavaHome(home).withOutput(Output.CAPTURED), () -> {}))
        .isInstanceOf(ProcessStartException.class)
        .hasMessageContaining("could not understand it")
        .hasMessageContaining("record length of a ring is out of range");
  }
}
