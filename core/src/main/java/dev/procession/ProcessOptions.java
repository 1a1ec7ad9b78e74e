package dev.procession;

import dev.procession.internal.launch.LaunchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ChildProcess} is to be like. Immutable and thread-safe; a value to be kept and used
 * again.
 *
 * {@snippet :
 * UnaryOperator<ProcessOptions> small = o -> o.withMaxHeap("64m").withDaemon(true);
 * ChildProcess.start(small, () -> work());
 * }
 */
public final class ProcessOptions {
  /** System property that makes {@link StartMode#STANDBY} the default: {@value}. */
  public static final String START_MODE_PROPERTY = "dev.procession.startMode";

  private final @Nullable String name;
  private final boolean daemon;
  private final StartMode startMode;
  private final JvmSettings jvm;

  private ProcessOptions(
      @Nullable String name, boolean daemon, StartMode startMode, JvmSettings jvm) {
    this.name = name;
    this.daemon = daemon;
    this.startMode = startMode;
    this.jvm = jvm;
  }

  /** The defaults, as each method says. */
  static ProcessOptions defaults() {
    String mode = System.getProperty(START_MODE_PROPERTY, StartMode.SPAWN.name());
    return new ProcessOptions(
        null, false, StartMode.valueOf(mode.toUpperCase(Locale.ROOT)), JvmSettings.DEFAULT);
  }

  /**
   * Names the process; by default {@code process-N}, counted in this process. The name is for
   * people: it need not be unique.
   *
   * @param newName the name
   * @return a copy with that
   */
  public ProcessOptions withName(String newName) {
    return new ProcessOptions(newName, daemon, startMode, jvm);
  }

  /**
   * Chooses whether this process may end while the new one runs, and takes it with it; by default
   * it waits at the end of {@code main}.
   *
   * @param newDaemon true not to wait
   * @return a copy with that
   */
  public ProcessOptions withDaemon(boolean newDaemon) {
    return new ProcessOptions(name, newDaemon, startMode, jvm);
  }

  /**
   * Chooses where the JVM comes from; by default {@link StartMode#SPAWN}, or what the system
   * property {@value #START_MODE_PROPERTY} names.
   *
   * @param newMode the mode
   * @return a copy with that
   */
  public ProcessOptions withStartMode(StartMode newMode) {
    return new ProcessOptions(name, daemon, newMode, jvm);
  }

  /**
   * Chooses the JDK or JRE that runs the JVM; by default the one that runs this process.
   *
   * @param javaHome home folder, as the system property {@code java.home}
   * @return a copy with that
   */
  public ProcessOptions withJavaHome(Path javaHome) {
    return new ProcessOptions(name, daemon, startMode, jvm.withJavaHome(javaHome));
  }

  /**
   * Adds options for the JVM, behind those added before. By default it gets {@code
   * -XX:+UseSerialGC} and some that concern its start; options of this process's JVM are not
   * inherited.
   *
   * @param jvmOptions as on a command line, each an element
   * @return a copy with that
   */
  public ProcessOptions withJvmOptions(String... jvmOptions) {
    return new ProcessOptions(name, daemon, startMode, jvm.withJvmOptions(List.of(jvmOptions)));
  }

  /**
   * Limits the heap; by default to what the JVM chooses, a quarter of the memory.
   *
   * @param maxHeap a number with the unit k, m, g or t, as {@code 512m}
   * @return a copy with that
   */
  public ProcessOptions withMaxHeap(String maxHeap) {
    return new ProcessOptions(name, daemon, startMode, jvm.withMaxHeap(maxHeap));
  }

  /**
   * Sets a system property; those of this process are not inherited.
   *
   * @param property its name
   * @param value of it
   * @return a copy with the property
   */
  public ProcessOptions withSystemProperty(String property, String value) {
    return new ProcessOptions(name, daemon, startMode, jvm.withSystemProperty(property, value));
  }

  /**
   * Sets an environment variable; all others are inherited.
   *
   * @param variable its name
   * @param value of it, or null to take it away
   * @return a copy with the variable
   */
  public ProcessOptions withEnvironment(String variable, @Nullable String value) {
    return new ProcessOptions(name, daemon, startMode, jvm.withEnvironment(variable, value));
  }

  /**
   * Sets the working directory; by default this process's.
   *
   * @param directory an existing folder
   * @return a copy with that
   */
  public ProcessOptions withDirectory(Path directory) {
    return new ProcessOptions(name, daemon, startMode, jvm.withDirectory(directory));
  }

  /**
   * Adds to the class path, behind this process's.
   *
   * @param classPath jars and folders
   * @return a copy with that
   */
  public ProcessOptions withClassPath(Path... classPath) {
    return new ProcessOptions(name, daemon, startMode, jvm.withClassPath(List.of(classPath)));
  }

  /**
   * Chooses where standard output and standard error go; by default {@link Output#INHERITED}.
   *
   * @param output where to
   * @return a copy with that
   */
  public ProcessOptions withOutput(Output output) {
    return new ProcessOptions(name, daemon, startMode, jvm.withOutput(output));
  }

  /**
   * Limits the time until the JVM must be ready; by default a minute. It is killed then.
   *
   * @param startTimeout positive
   * @return a copy with that
   */
  public ProcessOptions withStartTimeout(Duration startTimeout) {
    return new ProcessOptions(name, daemon, startMode, jvm.withStartTimeout(startTimeout));
  }

  @Nullable String name() {
    return name;
  }

  boolean daemon() {
    return daemon;
  }

  StartMode startMode() {
    return startMode;
  }

  LaunchSpec toSpec() {
    return jvm.toSpec();
  }
}
