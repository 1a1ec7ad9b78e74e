package dev.procession;

import dev.procession.internal.interpreter.WorldSpec;
import dev.procession.internal.pool.PoolSpec;
import java.nio.file.Path;

/**
 * What a {@link Pool} of interpreters is to be like. Immutable and thread-safe.
 *
 * {@snippet :
 * Pool.interpreters(o -> o.withWorkers(4).withName("parsers"));
 * }
 */
public final class InterpreterPoolOptions extends PoolOptions<InterpreterPoolOptions> {
  private final WorldSpec world;

  private InterpreterPoolOptions(PoolSpec spec, WorldSpec world) {
    super(spec);
    this.world = world;
  }

  /** The defaults, as each method says. */
  static InterpreterPoolOptions defaults() {
    return new InterpreterPoolOptions(PoolSpec.defaults(), WorldSpec.defaults());
  }

  @Override
  InterpreterPoolOptions with(PoolSpec newSpec) {
    return new InterpreterPoolOptions(newSpec, world);
  }

  /**
   * Adds jars, or folders of classes, in front of the application's class path.
   *
   * @param added in order
   * @return a copy with these
   */
  public InterpreterPoolOptions withClassPath(Path... added) {
    return new InterpreterPoolOptions(spec(), world.withClassPath(added));
  }

  /**
   * Shares packages among the workers and with what is outside: their classes, with their statics,
   * are the same. They should use no class that is not shared.
   *
   * @param added names of packages, without those below them
   * @return a copy with these
   */
  public InterpreterPoolOptions withSharedPackages(String... added) {
    return new InterpreterPoolOptions(spec(), world.withSharedPackages(added));
  }

  /** What the world of each worker is to be like. */
  WorldSpec world() {
    return world;
  }
}
