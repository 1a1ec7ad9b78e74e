package dev.procession;

import dev.procession.internal.launch.LaunchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link ProcessOptions} and {@link PoolOptions} have in common: the JVM. Immutable. */
record JvmSettings(
    @Nullable Path javaHome,
    List<String> jvmOptions,
    @Nullable String maxHeap,
    Map<String, String> systemProperties,
    Map<String, @Nullable String> environment,
    @Nullable Path directory,
    List<Path> classPath,
    Output output,
    Duration startTimeout) {

  static final JvmSettings DEFAULT =
      new JvmSettings(
          null,
          List.of(),
          null,
          Map.of(),
          Map.of(),
          null,
          List.of(),
          Output.INHERITED,
          Duration.ofSeconds(60));

  JvmSettings withJavaHome(Path newHome) {
    return new JvmSettings(
        newHome,
        jvmOptions,
        maxHeap,
        systemProperties,
        environment,
        directory,
        classPath,
        output,
        startTimeout);
  }

  JvmSettings withJvmOptions(List<String> added) {
    return new JvmSettings(
        javaHome,
        append(jvmOptions, added),
        maxHeap,
        systemProperties,
        environment,
        directory,
        classPath,
        output,
        startTimeout);
  }

  JvmSettings withMaxHeap(String size) {
    if (!size.matches("[1-9][0-9]*[kKmMgGtT]?")) {
      throw new IllegalArgumentException("not a heap size, as 512m or 2g: maxHeap=" + size);
    }
    return new JvmSettings(
        javaHome,
        jvmOptions,
        size,
        systemProperties,
        environment,
        directory,
        classPath,
        output,
        startTimeout);
  }

  JvmSettings withSystemProperty(String name, String value) {
    return new JvmSettings(
        javaHome,
        jvmOptions,
        maxHeap,
        put(systemProperties, name, value),
        environment,
        directory,
        classPath,
        output,
        startTimeout);
  }

  JvmSettings withEnvironment(String name, @Nullable String value) {
    return new JvmSettings(
        javaHome,
        jvmOptions,
        maxHeap,
        systemProperties,
        put(environment, name, value),
        directory,
        classPath,
        output,
        startTimeout);
  }

  JvmSettings withDirectory(Path newDirectory) {
    return new JvmSettings(
        javaHome,
        jvmOptions,
        maxHeap,
        systemProperties,
        environment,
        newDirectory,
        classPath,
        output,
        startTimeout);
  }

  JvmSettings withClassPath(List<Path> added) {
    return new JvmSettings(
        javaHome,
        jvmOptions,
        maxHeap,
        systemProperties,
        environment,
        directory,
        append(classPath, added),
        output,
        startTimeout);
  }

  JvmSettings withOutput(Output newOutput) {
    return new JvmSettings(
        javaHome,
        jvmOptions,
        maxHeap,
        systemProperties,
        environment,
        directory,
        classPath,
        newOutput,
        startTimeout);
  }

  JvmSettings withStartTimeout(Duration newTimeout) {
    if (newTimeout.isNegative() || newTimeout.isZero()) {
      throw new IllegalArgumentException("timeout is not positive: startTimeout=" + newTimeout);
    }
    return new JvmSettings(
        javaHome,
        jvmOptions,
        maxHeap,
        systemProperties,
        environment,
        directory,
        classPath,
        output,
        newTimeout);
  }

  private static <T> List<T> append(List<T> list, List<T> added) {
    List<T> longer = new ArrayList<>(list);
    longer.addAll(added);
    return List.copyOf(longer);
  }

  private static <V extends @Nullable Object> Map<String, V> put(
      Map<String, V> map, String name, V value) {
    Map<String, V> larger = new LinkedHashMap<>(map);
    larger.put(name, value);
    return Collections.unmodifiableMap(larger);
  }

  LaunchSpec toSpec() {
    List<String> options = jvmOptions;
    if (maxHeap != null) {
      options = append(List.of("-Xmx" + maxHeap), jvmOptions);
    }
    LaunchSpec.OutputMode mode =
        switch (output) {
          case INHERITED -> LaunchSpec.OutputMode.INHERITED;
          case PREFIXED -> LaunchSpec.OutputMode.PREFIXED;
          case CAPTURED -> LaunchSpec.OutputMode.CAPTURED;
          case DISCARDED -> LaunchSpec.OutputMode.DISCARDED;
        };
    return new LaunchSpec(
        javaHome,
        options,
        systemProperties,
        environment,
        directory,
        false,
        classPath,
        mode,
        startTimeout);
  }
}
