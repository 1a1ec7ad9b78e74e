package dev.procession.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  static final String NO_PYTHON = "no CPython: set PYTHON to the command of one";
  static final String NO_COMPILER = "no C compiler: set CC to the command of one";

  /** How often to measure what would be measured so often by default. */
  int turns(int byDefault) {
    return (int) Math.max(1, Math.round(byDefault * turns));
  }

  /** CPython's multiprocessing, doing what the argument says; empty without CPython. */
  Optional<Peer> python(String what) throws IOException, InterruptedException {
    if (!runs(python, "--version")) {
      return Optional.empty();
    }
    String script = sources.resolve("python").resolve("rival.py").toString();
    return Optional.of(Peer.start(List.of(python, script, what)));
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
    return Optional.of(Peer.start(List.of(program.toString())));
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
  static Setting ofEnvironment() throws IOException {
    return new Setting(
        Path.of(System.getProperty("benchmarks.sources", "benchmarks/src/main")),
        Files.createTempDirectory("procession-benchmarks-"),
        System.getenv().getOrDefault("PYTHON", "python3.14"),
        System.getenv().getOrDefault("CC", "gcc"),
        Double.parseDouble(System.getenv().getOrDefault("TURNS", "1")));
  }
}
