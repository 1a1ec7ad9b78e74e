package dev.procession.internal.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker JVM is to be like. JVMs of equal specs can stand in for each other.
 *
 * @param javaHome of the JDK that runs it, or null for this JVM's own
 * @param jvmOptions in order
 * @param systemProperties as they are at its start
 * @param environment variables added to this process's, or taken away (null)
 * @param directory to work in, or null for this process's
 * @param ownClassesOnly whether its class path is this library alone
 * @param classPath to be added behind this JVM's
 * @param output where its streams go
 * @param startTimeout until it must have said hello
 */
public record LaunchSpec(
    @Nullable Path javaHome,
    List<String> jvmOptions,
    Map<String, String> systemProperties,
    Map<String, @Nullable String> environment,
    @Nullable Path directory,
    boolean ownClassesOnly,
    List<Path> classPath,
    OutputMode output,
    Duration startTimeout) {

  /** A copy with a heap of at most a size; the last option counts. */
  public LaunchSpec withMaxHeap(String size) {
    List<String> options = new ArrayList<>(jvmOptions);
    options.add("-Xmx" + size);
    return new LaunchSpec(
        javaHome,
        List.copyOf(options),
        systemProperties,
        environment,
        directory,
        ownClassesOnly,
        classPath,
        output,
        startTimeout);
  }

  /** Where standard output and error of a worker go. */
  public enum OutputMode {
    INHERITED,
    PREFIXED,
    CAPTURED,
    DISCARDED
  }
}
