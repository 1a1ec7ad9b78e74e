package dev.procession;

import dev.procession.internal.launch.LaunchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Pool} and its workers are to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Pool.processes(o -> o.withWorkers(4).withMaxHeap("512m"));
 * }
 */
public final class PoolOptions {
  private final String name;
  private final int workers;
  private final StartMode startMode;
  private final JvmSettings jvm;

  private PoolOptions(String name, int workers, StartMode startMode, JvmSettings jvm) {
    this.name = name;
    this.workers = workers;
    this.startMode = startMode;
    this.jvm = jvm;
  }

  /** The defaults, as each method says. */
  static PoolOptions defaults() {
    return new PoolOptions(
        "pool",
        Runtime.getRuntime().availableProcessors(),
        ProcessOptions.defaults().startMode(),
        JvmSettings.DEFAULT);
  }

  /**
   * Names the pool; by default {@code pool}. Its workers are {@code name-N}.
   *
   * @param newName the name
   * @return a copy with that
   */
  public PoolOptions withName(String newName) {
    return new PoolOptions(newName, workers, startMode, jvm);
  }

  /**
   * Sets the number of workers; by default the number of processors that this process may use,
   * which follows a container's limit.
   *
   * @param newWorkers at least 1
   * @return a copy with that
   */
  public PoolOptions withWorkers(int newWorkers) {
    if (newWorkers < 1) {
      throw new IllegalArgumentException("a pool has at least one worker: workers=" + newWorkers);
    }
    return new PoolOptions(name, newWorkers, startMode, jvm);
  }

  /**
   * Chooses where the JVMs of workers come from; by default as for {@link ProcessOptions}.
   *
   * @param newMode the mode
   * @return a copy with that
   */
  public PoolOptions withStartMode(StartMode newMode) {
    return new PoolOptions(name, workers, newMode, jvm);
  }

  /**
   * Chooses the JDK or JRE that runs the JVM; by default the one that runs this process.
   *
   * @param javaHome home folder, as the system property {@code java.home}
   * @return a copy with that
   */
  public PoolOptions withJavaHome(Path javaHome) {
    return new PoolOptions(name, workers, startMode, jvm.withJavaHome(javaHome));
  }

  /**
   * Adds options for the JVM, behind those added before. By default it gets {@code
   * -XX:+UseSerialGC} and some that concern its start; options of this process's JVM are not
   * inherited.
   *
   * @param jvmOptions as on a command line, each an element
   * @return a copy with that
   */
  public PoolOptions withJvmOptions(String... jvmOptions) {
    return new PoolOptions(name, workers, startMode, jvm.withJvmOptions(List.of(jvmOptions)));
  }

  /**
   * Limits the heap; by default to what the JVM chooses, a quarter of the memory.
   *
   * @param maxHeap a number with the unit k, m, g or t, as {@code 512m}
   * @return a copy with that
   */
  public PoolOptions withMaxHeap(String maxHeap) {
    return new PoolOptions(name, workers, startMode, jvm.withMaxHeap(maxHeap));
  }

  /**
   * Sets a system property; those of this process are not inherited.
   *
   * @param property its name
   * @param value of it
   * @return a copy with the property
   */
  public PoolOptions withSystemProperty(String property, String value) {
    return new PoolOptions(name, workers, startMode, jvm.withSystemProperty(property, value));
  }

  /**
   * Sets an environment variable; all others are inherited.
   *
   * @param variable its name
   * @param value of it, or null to take it away
   * @return a copy with the variable
   */
  public PoolOptions withEnvironment(String variable, @Nullable String value) {
    return new PoolOptions(name, workers, startMode, jvm.withEnvironment(variable, value));
  }

  /**
   * Sets the working directory; by default this process's.
   *
   * @param directory an existing folder
   * @return a copy with that
   */
  public PoolOptions withDirectory(Path directory) {
    return new PoolOptions(name, workers, startMode, jvm.withDirectory(directory));
  }

  /**
   * Adds to the class path, behind this process's.
   *
   * @param classPath jars and folders
   * @return a copy with that
   */
  public PoolOptions withClassPath(Path... classPath) {
    return new PoolOptions(name, workers, startMode, jvm.withClassPath(List.of(classPath)));
  }

  /**
   * Chooses where standard output and standard error go; by default {@link Output#INHERITED}.
   *
   * @param output where to
   * @return a copy with that
   */
  public PoolOptions withOutput(Output output) {
    return new PoolOptions(name, workers, startMode, jvm.withOutput(output));
  }

  /**
   * Limits the time until the JVM must be ready; by default a minute. It is killed then.
   *
   * @param startTimeout positive
   * @return a copy with that
   */
  public PoolOptions withStartTimeout(Duration startTimeout) {
    return new PoolOptions(name, workers, startMode, jvm.withStartTimeout(startTimeout));
  }

  String name() {
    return name;
  }

  int workers() {
    return workers;
  }

  StartMode startMode() {
    return startMode;
  }

  LaunchSpec toSpec() {
    return jvm.toSpec();
  }
}
