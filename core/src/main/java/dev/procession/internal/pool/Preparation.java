package dev.procession.internal.pool;

import dev.procession.function.SerializableRunnable;
import dev.procession.internal.launch.Operation;
import dev.procession.internal.launch.WorkerScope;
import org.jspecify.annotations.Nullable;

/**
 * What a worker runs before anything else.
 *
 * @param initializer of the pool
 * @param exitHook to be run at the worker's end, if the initializer does not fail
 */
record Preparation(
    @Nullable SerializableRunnable initializer, @Nullable SerializableRunnable exitHook)
    implements SerializableRunnable {
  @Override
  public void perform() throws Exception {
    if (initializer != null) {
      Operation.useLoaderOf(initializer); // this is of the library, which has another
      initializer.perform();
    }
    SerializableRunnable hook = exitHook;
    if (hook != null) {
      Operation.useLoaderOf(hook);
      WorkerScope.current().atEnd(hook::perform);
    }
  }
}
