package dev.procession.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.procession.ChildProcess;
import dev.procession.Output;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose standard error is a file, a pipe or a terminal. */
class StandardErrorTest {
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  @TempDir private Path folder;

  @Test
  void open_errorIsAFile_drawsNothing() throws Exception {
    String output = run(program());

    assertThat(output).isEqualToNormalizingNewlines("[1, 4, 9]\nquiet\n");
    assertThat(folder.resolve("err")).isEmptyFile();
  }

  @Test
  void open_inAChildProcess_drawsNothing() throws Exception {
    try (var child =
        ChildProcess.start(
            o -> o.withOutput(Output.CAPTURED), () -> SquaresProgram.main(new String[0]))) {
      child.join();
      assertThat(child.output()).isEqualToNormalizingNewlines("[1, 4, 9]\nquiet\n");
      assertThat(child.errorOutput()).isEmpty();
    }
  }

  @Test
  void open_onATerminal_draws() throws Exception {
    assertThat(run(onATerminal(shell(program()))))
        .contains("\rsquare 100% ")
        .contains(" 3/3 ")
        .contains("drawn");
  }

  @Test
  void open_outputIsATerminalAndErrorIsNot_drawsNothing() throws Exception {
    Path errors = folder.resolve("redirected");
    String command = shell(program()) + " 2> " + quoted(errors.toString());

    assertThat(run(onATerminal(command))).contains("[1, 4, 9]", "quiet").doesNotContain("square");
    assertThat(errors).isEmptyFile();
  }

  @Test
  void open_errorIsATerminalAndOutputIsNot_draws() throws Exception {
    Path output = folder.resolve("redirected");
    String command = shell(program()) + " > " + quoted(output.toString());

    assertThat(run(onATerminal(command))).contains(" 3/3 ").doesNotContain("[1, 4, 9]");
    assertThat(output).content().contains("[1, 4, 9]", "drawn").doesNotContain("square");
  }

  private static List<String> program() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return List.of(java, "-cp", classPath, SquaresProgram.class.getName());
  }

  /** In a terminal of its own, made by a tool which not every system has. */
  private static List<String> onATerminal(String command) {
    assumeThat(SCRIPT).isExecutable();
    return List.of(SCRIPT.toString(), "--quiet", "--return", "--command", command, "/dev/null");
  }

  private static String shell(List<String> command) {
    return String.join(" ", command.stream().map(StandardErrorTest::quoted).toList());
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** What a program writes on its standard output; its standard error goes to a file. */
  private String run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("out");
    Path errors = folder.resolve("err");
    Path input = Files.createFile(folder.resolve("in"));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
      return Files.readString(output, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
