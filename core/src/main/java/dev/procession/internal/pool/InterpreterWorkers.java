package dev.procession.internal.pool;

import dev.procession.internal.interpreter.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are threads of this process, each in a world of classes of its own.
 *
 * @param classPath in front of that of the application
 * @param sharedPackages whose classes are those outside
 * @param outer the world in which the pool is, or null outside of all
 * @param outerLoader where code there looks for classes
 */
record InterpreterWorkers(
    List<Path> classPath,
    Set<String> sharedPackages,
    @Nullable World outer,
    @Nullable ClassLoader outerLoader)
    implements WorkerKind {
  @Override
  public Worker start(String name, Worker.Events events) {
    World world = new World(name, classPath, sharedPackages);
    ThreadWorker worker =
        new ThreadWorker(name, events, new WorldBorder(world, outer, outerLoader));
    worker.start();
    return worker;
  }

  @Override
  public WorkerKind withMaxHeap(String size) {
    return this;
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
