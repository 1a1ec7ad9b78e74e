package dev.procession;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ProcessOptions} and {@link ProcessPoolOptions} have in common: the JVM that runs
 * somebody's code. Immutable and thread-safe.
 *
 * @param <O> the options themselves
 */
public sealed interface JvmOptions<O extends JvmOptions<O>>
    permits ProcessOptions, ProcessPoolOptions {
  /**
   * Returns what is chosen of the JVM.
   *
   * @return all of it
   */
  JvmSettings jvm();

  /**
   * Chooses all of the JVM as other options have.
   *
   * @param settings {@link #jvm} of those
   * @return a copy with that
   */
  O withJvm(JvmSettings settings);

  /**
   * Chooses where the JVM comes from; by default {@link StartMode#SPAWN}, or what the system
   * property {@value ProcessOptions#START_MODE_PROPERTY} names.
   *
   * @param startMode the mode
   * @return a copy with that
   */
  default O withStartMode(StartMode startMode) {
    return withJvm(jvm().withStartMode(startMode));
  }

  /**
   * Chooses the JDK or JRE that runs the JVM; by default the one that runs this process.
   *
   * @param javaHome home folder, as the system property {@code java.home}
   * @return a copy with that
   */
  default O withJavaHome(Path javaHome) {
    return withJvm(jvm().withJavaHome(javaHome));
  }

  /**
   * Adds options for the JVM, behind those added before. By default it gets {@code
   * -XX:+UseSerialGC} and some that concern its start; options of this process's JVM are not
   * inherited.
   *
   * @param jvmOptions as on a command line, each an element
   * @return a copy with that
   */
  default O withJvmOptions(String... jvmOptions) {
    return withJvm(jvm().withJvmOptions(List.of(jvmOptions)));
  }

  /**
   * Limits the heap; by default to what the JVM chooses, a quarter of the memory.
   *
   * @param maxHeap a number with the unit k, m, g or t, as {@code 512m}
   * @return a copy with that
   */
  default O withMaxHeap(String maxHeap) {
    return withJvm(jvm().withMaxHeap(maxHeap));
  }

  /**
   * Sets a system property; those of this process are not inherited.
   *
   * @param property its name
   * @param value of it
   * @return a copy with the property
   */
  default O withSystemProperty(String property, String value) {
    return withJvm(jvm().withSystemProperty(property, value));
  }

  /**
   * Sets an environment variable; all others are inherited.
   *
   * @param variable its name
   * @param value of it, or null to take it away
   * @return a copy with the variable
   */
  default O withEnvironment(String variable, @Nullable String value) {
    return withJvm(jvm().withEnvironment(variable, value));
  }

  /**
   * Sets the working directory; by default this process's.
   *
   * @param directory an existing folder
   * @return a copy with that
   */
  default O withDirectory(Path directory) {
    return withJvm(jvm().withDirectory(directory));
  }

  /**
   * Adds to the class path, behind this process's.
   *
   * @param classPath jars and folders
   * @return a copy with that
   */
  default O withClassPath(Path... classPath) {
    return withJvm(jvm().withClassPath(List.of(classPath)));
  }

  /**
   * Chooses where standard output and standard error go; by default {@link Output#INHERITED}.
   *
   * @param output where to
   * @return a copy with that
   */
  default O withOutput(Output output) {
    return withJvm(jvm().withOutput(output));
  }

  /**
   * Limits the time until the JVM must be ready; by default a minute. It is killed then. What an
   * initializer of a pool does afterwards has {@linkplain PoolOptions#withInitializerTimeout a
   * limit of its own}.
   *
   * @param startTimeout positive
   * @return a copy with that
   */
  default O withStartTimeout(Duration startTimeout) {
    return withJvm(jvm().withStartTimeout(startTimeout));
  }
}
