package dev.procession.internal.launch;

import dev.procession.internal.os.Os;
import dev.procession.internal.segment.SegmentFolder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line of a worker JVM. */
final class JavaCommand {
  static final String MAIN_CLASS = "dev.procession.internal.worker.WorkerMain";
  private static final String MODULE = "dev.procession";

  private JavaCommand() {}

  /**
   * @param cache an AOT cache to start with, or null
   * @param arguments of the worker's main
   */
  static List<String> of(LaunchSpec spec, @Nullable Path cache, List<String> arguments)
      throws WorkerStartException {
    List<String> command = new ArrayList<>();
    command.add(executable(spec).toString());
    command.addAll(baseOptions(spec));
    if (cache != null) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.addAll(spec.jvmOptions());
    pass(command, Nesting.MOST);
    pass(command, Os.PROPERTY);
    pass(command, Inherited.LOG_LEVEL);
    pass(command, Inherited.LOG_QUEUE);
    // where files go that the other side has to find
    passFolder(command, SegmentFolder.PROPERTY);
    passFolder(command, "java.io.tmpdir");
    passFolder(command, AotCache.PROPERTY);
    spec.systemProperties().forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(classes(spec));
    command.addAll(arguments);
    return command;
  }

  /** Options that all workers have; those that decide whether an AOT cache fits are among them. */
  static List<String> baseOptions(LaunchSpec spec) {
    List<String> options = new ArrayList<>();
    if (choosesNoCollector(spec)) {
      options.add("-XX:+UseSerialGC");
    }
    // a JVM that is killed would leave its file of performance data behind
    options.add("-XX:-UsePerfData");
    // what the JVM itself has to say must not mix with the program's standard output
    options.add("-Xlog:disable");
    options.add("-Xlog:all=error:stderr");
    // so that a worker whose parent is gone can end although it is in a tight loop
    options.add("-XX:+UseCountedLoopSafepoints");
    options.add("-XX:LoopStripMiningIter=1000");
    options.add("--enable-native-access=" + (isModular() ? MODULE : "ALL-UNNAMED"));
    return options;
  }

  private static boolean choosesNoCollector(LaunchSpec spec) {
    for (String option : spec.jvmOptions()) {
      if (option.startsWith("-XX:+Use") && option.endsWith("GC")) {
        return false;
      }
    }
    return true;
  }

  private static Path executable(LaunchSpec spec) throws WorkerStartException {
    Path configured = spec.javaHome();
    Path home = configured == null ? Path.of(System.getProperty("java.home", "")) : configured;
    Path java = home.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
    if (!Files.isExecutable(java)) {
      throw new WorkerStartException(
          "no java executable: path=" + java + ". A JDK or JRE 25 is expected in that folder.",
          null);
    }
    return java;
  }

  private static void pass(List<String> command, String property) {
    String value = System.getProperty(property);
    if (value != null) {
      command.add("-D" + property + "=" + value);
    }
  }

  /** As it is meant in this process, wherever the worker's working directory is. */
  private static void passFolder(List<String> command, String property) {
    String value = System.getProperty(property, "");
    if (!value.isEmpty()) {
      boolean isName = value.equals(AotCache.OFF);
      command.add("-D" + property + "=" + (isName ? value : Path.of(value).toAbsolutePath()));
    }
  }

  static boolean isModular() {
    return JavaCommand.class.getModule().isNamed();
  }

  private static List<String> classes(LaunchSpec spec) throws WorkerStartException {
    List<String> options = new ArrayList<>();
    String classPath = classPath(spec);
    if (isModular()) {
      String modulePath = System.getProperty("jdk.module.path", "");
      if (!modulePath.isEmpty()) {
        options.addAll(List.of("--module-path", absolute(modulePath)));
      }
      options.addAll(List.of("--add-modules", resolvedModules()));
      if (!classPath.isEmpty()) {
        options.addAll(List.of("-cp", classPath));
      }
      options.addAll(List.of("-m", MODULE + "/" + MAIN_CLASS));
    } else {
      options.addAll(List.of("-cp", classPath, MAIN_CLASS));
    }
    return options;
  }

  private static String classPath(LaunchSpec spec) throws WorkerStartException {
    StringBuilder path = new StringBuilder();
    if (!isModular()) {
      path.append(OwnJar.path());
    }
    if (!spec.ownClassesOnly()) {
      append(path, parentClassPath());
    }
    for (Path added : spec.classPath()) {
      append(path, added.toAbsolutePath().toString());
    }
    return path.toString();
  }

  private static String parentClassPath() {
    String path = System.getProperty("java.class.path", "");
    // with a main class and no class path, that is the working directory
    boolean none = path.isEmpty() && System.getProperty("jdk.module.main") != null;
    return none ? "" : absolute(path);
  }

  /** Those of this JVM: all on the module path would be more, and may contradict each other. */
  private static String resolvedModules() {
    StringBuilder names = new StringBuilder();
    for (Module module : ModuleLayer.boot().modules()) {
      names.append(names.isEmpty() ? "" : ",").append(module.getName());
    }
    return names.toString();
  }

  /** Entries as they are meant in this process, wherever the worker's working directory is. */
  private static String absolute(String path) {
    StringBuilder absolute = new StringBuilder();
    for (String entry : path.split(File.pathSeparator, -1)) {
      append(absolute, Path.of(entry).toAbsolutePath().toString()); // an empty one is the directory
    }
    return absolute.toString();
  }

  private static void append(StringBuilder path, String entry) {
    if (!path.isEmpty() && !entry.isEmpty()) {
      path.append(File.pathSeparator);
    }
    path.append(entry);
  }
}
