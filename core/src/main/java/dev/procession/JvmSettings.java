package dev.procession;

import dev.procession.internal.launch.HeapSize;
import dev.procession.internal.launch.LaunchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link JvmOptions} have chosen, as one value: to give several the same with {@link
 * JvmOptions#withJvm}. Immutable and thread-safe.
 */
public final class JvmSettings {
  // a setter changes a copy that nobody else has yet, so that an instance never changes once seen

  private StartMode startMode;
  private @Nullable Path javaHome;
  private List<String> jvmOptions = List.of();
  private @Nullable String maxHeap;
  private Map<String, String> systemProperties = Map.of();
  private Map<String, @Nullable String> environment = Map.of();
  private @Nullable Path directory;
  private List<Path> classPath = List.of();
  private Output output = Output.INHERITED;
  private Duration startTimeout = Duration.ofSeconds(60);

  private JvmSettings(StartMode startMode) {
    this.startMode = startMode;
  }

  private JvmSettings copy() {
    JvmSettings copy = new JvmSettings(startMode);
    copy.javaHome = javaHome;
    copy.jvmOptions = jvmOptions;
    copy.maxHeap = maxHeap;
    copy.systemProperties = systemProperties;
    copy.environment = environment;
    copy.directory = directory;
    copy.classPath = classPath;
    copy.output = output;
    copy.startTimeout = startTimeout;
    return copy;
  }

  static JvmSettings defaults() {
    String mode = System.getProperty(ProcessOptions.START_MODE_PROPERTY, StartMode.SPAWN.name());
    return new JvmSettings(StartMode.valueOf(mode.toUpperCase(Locale.ROOT)));
  }

  JvmSettings withStartMode(StartMode newMode) {
    JvmSettings copy = copy();
    copy.startMode = newMode;
    return copy;
  }

  JvmSettings withJavaHome(Path newHome) {
    JvmSettings copy = copy();
    copy.javaHome = newHome;
    return copy;
  }

  JvmSettings withJvmOptions(List<String> added) {
    JvmSettings copy = copy();
    copy.jvmOptions = append(jvmOptions, added);
    return copy;
  }

  JvmSettings withMaxHeap(String size) {
    HeapSize.require(size);
    JvmSettings copy = copy();
    copy.maxHeap = size;
    return copy;
  }

  JvmSettings withSystemProperty(String name, String value) {
    JvmSettings copy = copy();
    copy.systemProperties = put(systemProperties, name, value);
    return copy;
  }

  JvmSettings withEnvironment(String name, @Nullable String value) {
    JvmSettings copy = copy();
    copy.environment = put(environment, name, value);
    return copy;
  }

  JvmSettings withDirectory(Path newDirectory) {
    JvmSettings copy = copy();
    copy.directory = newDirectory;
    return copy;
  }

  JvmSettings withClassPath(List<Path> added) {
    JvmSettings copy = copy();
    copy.classPath = append(classPath, added);
    return copy;
  }

  JvmSettings withOutput(Output newOutput) {
    JvmSettings copy = copy();
    copy.output = newOutput;
    return copy;
  }

  JvmSettings withStartTimeout(Duration newTimeout) {
    if (newTimeout.isNegative() || newTimeout.isZero()) {
      throw new IllegalArgumentException("timeout is not positive: startTimeout=" + newTimeout);
    }
    JvmSettings copy = copy();
    copy.startTimeout = newTimeout;
    return copy;
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

  /** The most that the heap may have, or -1 where the JVM chooses. */
  long maxHeapBytes() {
    return maxHeap == null ? -1 : HeapSize.bytes(maxHeap);
  }

  StartMode startMode() {
    return startMode;
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
