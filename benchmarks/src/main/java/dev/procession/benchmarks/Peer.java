package dev.procession.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program in another language that measures something each time it is asked: a line in, a line
 * with nanoseconds out. The first line that it prints says what it is.
 */
final class Peer implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Writer questions;
  private final String description;

  private Peer(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.description = answer();
  }

  static Peer start(List<String> command) throws IOException {
    return new Peer(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  String description() {
    return description;
  }

  /** Has it measure once more. */
  double ask() throws IOException {
    questions.write('\n');
    questions.flush();
    return Double.parseDouble(answer());
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("ended without an answer: command=" + process.info().commandLine());
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    questions.close();
    process.onExit().join();
    answers.close();
  }
}
