package dev.procession.internal.pool;

import dev.procession.internal.interpreter.World;
import dev.procession.internal.interpreter.WorldSpec;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are threads of this process, each in a world of classes of its own.
 *
 * @param spec of each world
 * @param outer where code of those who have opened the pool looks for classes
 */
record InterpreterWorkers(WorldSpec spec, @Nullable ClassLoader outer) implements WorkerKind {
  @Override
  public Worker start(String name, Worker.Events events) {
    World world = new World(name, spec);
    ThreadWorker worker = new ThreadWorker(name, events, new WorldBorder(world, outer));
    worker.start();
    return worker;
  }

  @Override
  public Packer packer() {
    return new CrossingParcel.CrossingPacker();
  }

  @Override
  public void check(Object task) {
    WorkerKind.requireSerializable(task, "interpreter");
  }
}
