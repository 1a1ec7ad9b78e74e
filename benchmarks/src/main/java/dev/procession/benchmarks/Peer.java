package dev.procession.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A program in another language that measures something each time it is asked: a line in, a line
 * with nanoseconds out. The first line that it prints says what it is; one that cannot do what it
 * is asked for ends without any.
 */
final class Peer implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Writer questions;
  private final String description;

  private Peer(Process process, BufferedReader answers, String description) {
    this.process = process;
    this.answers = answers;
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.description = description;
  }

  /** Starts one; empty if it ends at once without a word, as one does that cannot. */
  static Optional<Peer> start(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
    String description = answers.readLine();
    if (description != null) {
      return Optional.of(new Peer(process, answers, description));
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("failed: command=" + command + ", status=" + status);
    }
    return Optional.empty();
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
