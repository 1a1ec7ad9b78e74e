package dev.procession.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the comparisons find what they compare with.
 *
 * @param sources folder of the programs in other languages
 * @param work folder for what is compiled
 * @param python command that runs CPython
 * @param compiler command that compiles C
 * @param turns a factor for how often everything is measured
 */
record Setting(Path sources, Path work, String python, String compiler, double turns) {
  static final String NO_PYTHON = "no CPython that can: set PYTHON to the command of a 3.14";
  static final String NO_COMPILER = "no C compiler: set CC to the command of one";

  /** How often to measure what would be measured so often by default. */
  int turns(int byDefault) {
    return (int) Math.max(1, Math.round(byDefault * turns));
  }

  /** CPython, doing what the argument says; empty if there is none, or one that cannot. */
  Optional<Peer> python(String what) throws IOException, InterruptedException {
    if (!runs(python, "--version")) {
      return Optional.empty();
    }
    String script = sources.resolve("python").resolve("rival.py").toString();
    return Peer.start(List.of(python, script, what));
  }

  /** A program in C, by its name; empty without a compiler. */
  Optional<Peer> c(String name) throws IOException, InterruptedException {
    if (!runs(compiler, "--version")) {
      return Optional.empty();
    }
    Path program = work.resolve(name);
    Path source = sources.resolve("c").resolve(name + ".c");
    int status =
        new ProcessBuilder(compiler, "-O2", "-o", program.toString(), source.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("does not compile: source=" + source);
    }
    return Peer.start(List.of(program.toString()));
  }

  /** What of other languages there is, with its version. */
  List<String> tools() throws IOException, InterruptedException {
    List<String> tools = new ArrayList<>();
    for (String command : List.of(python, compiler)) {
      if (runs(command, "--version")) {
        Process process = new ProcessBuilder(command, "--version").start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
          tools.add(output.readAllLines().getFirst());
        }
      }
    }
    return tools;
  }

  private static boolean runs(String command, String argument) throws InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command, argument)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return false;
    }
    return process.waitFor(Duration.ofMinutes(1)) && process.exitValue() == 0;
  }

  /** A setting as the environment has it. */
  static Setting ofEnvironment() throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    return new Setting(
        Path.of(System.getProperty("benchmarks.sources", "benchmarks/src/main")),
        Files.createTempDirectory("procession-benchmarks-"),
        environment.getOrDefault(
            "PYTHON", runs("python3.14", "--version") ? "python3.14" : "python3"),
        environment.getOrDefault("CC", "gcc"),
        Double.parseDouble(environment.getOrDefault("TURNS", "1")));
  }
}
