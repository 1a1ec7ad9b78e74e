package dev.procession.interpreter;

import dev.procession.function.SerializableRunnable;
import dev.procession.internal.interpreter.WorldSpec;
import java.nio.file.Path;
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
  private final WorldSpec world;
  private final @Nullable SerializableRunnable initializer;

  private InterpreterOptions(
      @Nullable String name, WorldSpec world, @Nullable SerializableRunnable initializer) {
    this.name = name;
    this.world = world;
    this.initializer = initializer;
  }

  /** The defaults, as each method says. */
  static InterpreterOptions defaults() {
    return new InterpreterOptions(null, WorldSpec.defaults(), null);
  }

  /**
   * Names the interpreter, and its thread; by default {@code interpreter-ID}.
   *
   * @param newName for people
   * @return a copy with that
   */
  public InterpreterOptions withName(String newName) {
    return new InterpreterOptions(newName, world, initializer);
  }

  /**
   * Adds jars, or folders of classes, in front of the application's class path: another version of
   * a library, or one that the application does not have.
   *
   * @param added in order
   * @return a copy with these
   */
  public InterpreterOptions withClassPath(Path... added) {
    return new InterpreterOptions(name, world.withClassPath(added), initializer);
  }

  /**
   * Shares packages with what is outside: their classes, with their statics, are the same, and
   * their objects can be told apart by nobody. They should use no class that is not shared. Enums
   * and records of them cross as they are, not as copies, if all that a record holds would, too,
   * and no array is in it; what else holds them is copied with them.
   *
   * @param added names of packages, without those below them
   * @return a copy with these
   */
  public InterpreterOptions withSharedPackages(String... added) {
    return new InterpreterOptions(name, world.withSharedPackages(added), initializer);
  }

  /**
   * Chooses what runs in the interpreter before it is given to who creates it; by default nothing.
   *
   * @param newInitializer the code
   * @return a copy with that
   */
  public InterpreterOptions withInitializer(SerializableRunnable newInitializer) {
    return new InterpreterOptions(name, world, newInitializer);
  }

  @Nullable String name() {
    return name;
  }

  /** What its world is to be like. */
  WorldSpec world() {
    return world;
  }

  @Nullable SerializableRunnable initializer() {
    return initializer;
  }
}
