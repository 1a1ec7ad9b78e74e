package dev.procession;

import dev.procession.internal.launch.LaunchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ProcessOptions} and {@link PoolOptions} have in common: the JVM that runs somebody's
 * code. Immutable and thread-safe.
 *
 * @param <O> the options themselves
 */
public abstract sealed class JvmOptions<O extends JvmOptions<O>>
    permits ProcessOptions, PoolOptions {
  private final JvmSettings jvm;

  JvmOptions(JvmSettings jvm) {
    this.jvm = jvm;
  }

  /** A copy of these options with other settings of the JVM. */
  abstract O with(JvmSettings settings);

  /**
   * Chooses where the JVM comes from; by default {@link StartMode#SPAWN}, or what the system
   * property {@value ProcessOptions#START_MODE_PROPERTY} names.
   *
   * @param startMode the mode
   * @return a copy with that
   */
  public O withStartMode(StartMode startMode) {
    return with(jvm.withStartMode(startMode));
  }

  /**
   * Chooses the JDK or JRE that runs the JVM; by default the one that runs this process.
   *
   * @param javaHome home folder, as the system property {@code java.home}
   * @return a copy with that
   */
  public O withJavaHome(Path javaHome) {
    return with(jvm.withJavaHome(javaHome));
  }

  /**
   * Adds options for the JVM, behind those added before. By default it gets {@code
   * -XX:+UseSerialGC} and some that concern its start; options of this process's JVM are not
   * inherited.
   *
   * @param jvmOptions as on a command line, each an element
   * @return a copy with that
   */
  public O withJvmOptions(String... jvmOptions) {
    return with(jvm.withJvmOptions(List.of(jvmOptions)));
  }

  /**
   * Limits the heap; by default to what the JVM chooses, a quarter of the memory.
   *
   * @param maxHeap a number with the unit k, m, g or t, as {@code 512m}
   * @return a copy with that
   */
  public O withMaxHeap(String maxHeap) {
    return with(jvm.withMaxHeap(maxHeap));
  }

  /**
   * Sets a system property; those of this process are not inherited.
   *
   * @param property its name
   * @param value of it
   * @return a copy with the property
   */
  public O withSystemProperty(String property, String value) {
    return with(jvm.withSystemProperty(property, value));
  }

  /**
   * Sets an environment variable; all others are inherited.
   *
   * @param variable its name
   * @param value of it, or null to take it away
   * @return a copy with the variable
   */
  public O withEnvironment(String variable, @Nullable String value) {
    return with(jvm.withEnvironment(variable, value));
  }

  /**
   * Sets the working directory; by default this process's.
   *
   * @param directory an existing folder
   * @return a copy with that
   */
  public O withDirectory(Path directory) {
    return with(jvm.withDirectory(directory));
  }

  /**
   * Adds to the class path, behind this process's.
   *
   * @param classPath jars and folders
   * @return a copy with that
   */
  public O withClassPath(Path... classPath) {
    return with(jvm.withClassPath(List.of(classPath)));
  }

  /**
   * Chooses where standard output and standard error go; by default {@link Output#INHERITED}.
   *
   * @param output where to
   * @return a copy with that
   */
  public O withOutput(Output output) {
    return with(jvm.withOutput(output));
  }

  /**
   * Limits the time until the JVM must be ready; by default a minute. It is killed then.
   *
   * @param startTimeout positive
   * @return a copy with that
   */
  public O withStartTimeout(Duration startTimeout) {
    return with(jvm.withStartTimeout(startTimeout));
  }

  JvmSettings jvm() {
    return jvm;
  }

  StartMode startMode() {
    return jvm.startMode();
  }

  LaunchSpec toSpec() {
    return jvm.toSpec();
  }
}
