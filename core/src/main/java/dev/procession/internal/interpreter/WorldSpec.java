package dev.procession.internal.interpreter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a world is to be like.
 *
 * @param classPath in front of that of the application; absolute
 * @param sharedPackages whose classes are those outside
 */
public record WorldSpec(List<Path> classPath, Set<String> sharedPackages) {
  /** With the application's classes, all anew. */
  public static WorldSpec defaults() {
    return new WorldSpec(List.of(), Set.of());
  }

  /** A copy with more behind its class path. */
  public WorldSpec withClassPath(Path... added) {
    List<Path> longer = new ArrayList<>(classPath);
    for (Path path : added) {
      longer.add(path.toAbsolutePath());
    }
    return new WorldSpec(List.copyOf(longer), sharedPackages);
  }

  /** A copy that shares more packages. */
  public WorldSpec withSharedPackages(String... added) {
    Set<String> more = new LinkedHashSet<>(sharedPackages);
    more.addAll(List.of(added));
    return new WorldSpec(classPath, Set.copyOf(more));
  }
}
