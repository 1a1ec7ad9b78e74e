package dev.procession.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where something was measured.
 *
 * @param tools what is compared with and is no library, with its version
 * @param libraries those on the class path, with their versions
 */
record Machine(
    String processor,
    int processors,
    String system,
    String jvm,
    List<String> tools,
    List<String> libraries) {

  /** This one. */
  static Machine here(List<String> tools) throws IOException {
    return new Machine(
        processorHere(),
        Runtime.getRuntime().availableProcessors(),
        property("os.name") + ' ' + property("os.version") + ", " + property("os.arch"),
        property("java.vm.name")
            + ' '
            + property("java.vm.version")
            + ", "
            + property("java.vm.vendor"),
        tools,
        librariesOn(property("java.class.path")));
  }

  private static String property(String name) {
    return System.getProperty(name, "");
  }

  private static String processorHere() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.exists(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 2);
        }
      }
    }
    return "unknown processor";
  }

  /** The names of jars without their ending. */
  static List<String> librariesOn(String classPath) {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(classPath)
        .map(entry -> entry.substring(entry.lastIndexOf(File.separatorChar) + 1))
        .filter(name -> name.endsWith(".jar"))
        .map(name -> name.substring(0, name.length() - ".jar".length()))
        .sorted()
        .toList();
  }

  /** A paragraph that says all of it but the libraries. */
  String text() {
    String with = tools.isEmpty() ? "" : "; " + String.join("; ", tools);
    return processor + ", " + processors + " processors; " + system + "; " + jvm + with;
  }
}
