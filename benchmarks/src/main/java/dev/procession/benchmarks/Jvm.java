package dev.procession.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVMs that the library has no part in. */
final class Jvm {
  private Jvm() {}

  /** What starts a main class of this class path, in a JVM with these options. */
  static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
