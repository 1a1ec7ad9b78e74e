package dev.procession.interpreter;

import dev.procession.function.SerializableRunnable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Interpreter} is to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Interpreter.create(o -> o.withName("old").withClassPath(Path.of("lib/parser-1.4.jar")));
 * }
 */
public final class InterpreterOptions {
  private final @Nullable String name;
  private final List<Path> classPath;
  private final Set<String> sharedPackages;
  private final @Nullable SerializableRunnable initializer;

  private InterpreterOptions(
      @Nullable String name,
      List<Path> classPath,
      Set<String> sharedPackages,
      @Nullable SerializableRunnable initializer) {
    this.name = name;
    this.classPath = classPath;
    this.sharedPackages = sharedPackages;
    this.initializer = initializer;
  }

  /** The defaults, as each method says. */
  static InterpreterOptions defaults() {
    return new InterpreterOptions(null, List.of(), Set.of(), null);
  }

  /**
   * Names the interpreter, and its thread; by default {@code interpreter-ID}.
   *
   * @param newName for people
   * @return a copy with that
   */
  public InterpreterOptions withName(String newName) {
    return new InterpreterOptions(newName, classPath, sharedPackages, initializer);
  }

  /**
   * Adds jars, or folders of classes, in front of the application's class path: another version of
   * a library, or one that the application does not have.
   *
   * @param added in order
   * @return a copy with these
   */
  public InterpreterOptions withClassPath(Path... added) {
    List<Path> longer = new ArrayList<>(classPath);
    for (Path path : added) {
      longer.add(path.toAbsolutePath());
    }
    return new InterpreterOptions(name, List.copyOf(longer), sharedPackages, initializer);
  }

  /**
   * Shares packages with what is outside: their classes, with their statics, are the same, and
   * their objects can be told apart by nobody. They should use no class that is not shared.
   *
   * @param added names of packages, without those below them
   * @return a copy with these
   */
  public InterpreterOptions withSharedPackages(String... added) {
    Set<String> more = new LinkedHashSet<>(sharedPackages);
    more.addAll(List.of(added));
    return new InterpreterOptions(name, classPath, Set.copyOf(more), initializer);
  }

  /**
   * Chooses what runs in the interpreter before it is given to who creates it; by default nothing.
   *
   * @param newInitializer the code
   * @return a copy with that
   */
  public InterpreterOptions withInitializer(SerializableRunnable newInitializer) {
    return new InterpreterOptions(name, classPath, sharedPackages, newInitializer);
  }

  @Nullable String name() {
    return name;
  }

  List<Path> classPath() {
    return classPath;
  }

  Set<String> sharedPackages() {
    return sharedPackages;
  }

  @Nullable SerializableRunnable initializer() {
    return initializer;
  }
}
