package dev.procession;

import dev.procession.internal.pool.PoolSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a {@link Pool} of interpreters is to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Pool.interpreters(o -> o.withWorkers(4).withName("parsers"));
 * }
 */
public final class InterpreterPoolOptions extends PoolOptions<InterpreterPoolOptions> {
  private final List<Path> classPath;
  private final Set<String> sharedPackages;

  private InterpreterPoolOptions(PoolSpec spec, List<Path> classPath, Set<String> sharedPackages) {
    super(spec);
    this.classPath = classPath;
    this.sharedPackages = sharedPackages;
  }

  /** The defaults, as each method says. */
  static InterpreterPoolOptions defaults() {
    return new InterpreterPoolOptions(PoolSpec.defaults(), List.of(), Set.of());
  }

  @Override
  InterpreterPoolOptions with(PoolSpec newSpec) {
    return new InterpreterPoolOptions(newSpec, classPath, sharedPackages);
  }

  /**
   * Adds jars, or folders of classes, in front of the application's class path.
   *
   * @param added in order
   * @return a copy with these
   */
  public InterpreterPoolOptions withClassPath(Path... added) {
    List<Path> longer = new ArrayList<>(classPath);
    for (Path path : added) {
      longer.add(path.toAbsolutePath());
    }
    return new InterpreterPoolOptions(spec(), List.copyOf(longer), sharedPackages);
  }

  /**
   * Shares packages among the workers and with what is outside: their classes, with their statics,
   * are the same. They should use no class that is not shared.
   *
   * @param added names of packages, without those below them
   * @return a copy with these
   */
  public InterpreterPoolOptions withSharedPackages(String... added) {
    Set<String> more = new LinkedHashSet<>(sharedPackages);
    more.addAll(List.of(added));
    return new InterpreterPoolOptions(spec(), classPath, Set.copyOf(more));
  }

  List<Path> classPath() {
    return classPath;
  }

  Set<String> sharedPackages() {
    return sharedPackages;
  }
}
