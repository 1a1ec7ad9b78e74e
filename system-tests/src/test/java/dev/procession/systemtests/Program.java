package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that a test starts, watches and, whatever happens, ends. For one thread. */
final class Program implements AutoCloseable {
  /** Home of the JDK that runs the tests. */
  static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** Workers make no cache. */
  static final String NO_CACHE = "-Ddev.procession.aot=off";

  private static final Duration DEADLINE = Duration.ofSeconds(45);

  /** What the library promises, however a program ends. */
  private static final Duration AFTERLIFE = Duration.ofSeconds(1);

  private static final int POLL_MILLIS = 20;

  private final Traces traces = new Traces();
  private final ProcessBuilder builder;
  private final Path folder;
  private Process process;

  private Program(List<String> command) throws IOException {
    folder = Files.createTempDirectory("system-test-");
    builder =
        new ProcessBuilder(command)
            .redirectInput(Files.createFile(folder.resolve("in")).toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
    builder.environment().put(Traces.VARIABLE, traces.mark());
  }

  /** A command. */
  static Program of(String... command) throws IOException {
    return new Program(List.of(command));
  }

  /** A program of Java, whose workers use no cache. */
  static Program java(String... arguments) throws IOException {
    // a shell that runs in the background has its programs ignore the interrupt key
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(List.of(tool("java"), NO_CACHE));
    command.addAll(List.of(arguments));
    return new Program(command);
  }

  /** Maven, with the JDK that runs the tests and a repository on this machine. */
  static Program maven(Path project, Path repository, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("procession.maven.home"), "bin", "mvn").toString());
    command.addAll(List.of("-q", "-Dstyle.color=never", "-Dmaven.repo.local=" + repository));
    command.addAll(List.of(arguments));
    return new Program(command)
        .in(project)
        .withEnvironment("JAVA_HOME", JAVA_HOME.toString())
        // so that Maven's own libraries print no warnings
        .withEnvironment(
            "MAVEN_OPTS",
            "--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED");
  }

  /** A tool of the JDK. */
  static String tool(String name) {
    return JAVA_HOME.resolve("bin").resolve(name).toString();
  }

  Program in(Path directory) {
    builder.directory(directory.toFile());
    return this;
  }

  Program withInput(String text) throws IOException {
    Files.writeString(folder.resolve("in"), text);
    return this;
  }

  Program withEnvironment(String variable, String value) {
    builder.environment().put(variable, value);
    return this;
  }

  Program start() throws IOException {
    process = builder.start();
    return this;
  }

  long pid() {
    return process.pid();
  }

  String output() {
    return read("out");
  }

  String errorOutput() {
    return read("err");
  }

  private String read(String name) {
    try {
      // Maven resets the colours of a terminal that is none
      return Files.readString(folder.resolve(name)).replace("\033[0m", "");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The program's processes that are alive: itself, its children and theirs. */
  List<ProcessHandle> processes() {
    return traces.processes();
  }

  /** Waits for something that the program does. */
  void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || !process.isAlive()) {
        throw new AssertionError(
            what + ": not within " + DEADLINE.toSeconds() + " s, or program has ended" + report());
      }
      var _ = traces.processes();
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Waits for the program's end, if it has not ended. */
  Program awaitEnd() throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "program did not end within " + DEADLINE.toSeconds() + " s" + report());
      }
      var _ = traces.processes();
    }
    return this;
  }

  int exitCode() {
    return process.exitValue();
  }

  private String report() {
    return "\n--- command ---\n"
        + String.join(" ", builder.command())
        + "\n--- output ---\n"
        + output()
        + "\n--- error output ---\n"
        + errorOutput();
  }

  /** Asserts that it ended well with that output, said nothing else, and has left nothing. */
  void assertPrints(String expected) throws IOException, InterruptedException {
    assertEndsWell();
    assertThat(output()).as("output").isEqualTo(expected);
  }

  /** Asserts that it ended well, said nothing on its error output, and has left nothing. */
  void assertEndsWell() throws IOException, InterruptedException {
    assertSucceeds();
    assertThat(errorOutput()).as(() -> "error output" + report()).isEmpty();
  }

  /** Asserts that it ended well, and has left nothing. */
  void assertSucceeds() throws IOException, InterruptedException {
    if (process == null) {
      start();
    }
    awaitEnd();
    assertThat(process.exitValue()).as(() -> "exit code" + report()).isZero();
    assertNothingLeft();
  }

  /** Asserts that no process of the program is there any more, and no file that one has made. */
  void assertNothingLeft() {
    assertThat(traces.left(AFTERLIFE)).as("left behind").isEmpty();
  }

  /** Sends a signal to processes at the same time. */
  static void signal(String name, List<Long> pids) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-s", name));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    Process kill = new ProcessBuilder(command).inheritIO().start();
    assertThat(kill.waitFor()).as("exit code of kill").isZero();
  }

  /** Ends what is left of the program. */
  @Override
  public void close() throws IOException {
    traces.killAll();
    for (String name : List.of("in", "out", "err")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }
}
