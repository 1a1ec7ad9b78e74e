package dev.procession.internal.pool;

import dev.procession.ProcessStartException;
import dev.procession.TaskNotSerializableException;
import java.io.Serializable;

/**
 * What makes the workers of a pool: all that a pool knows of what they are. Thread-safe, but for
 * the packers.
 */
interface WorkerKind {
  /**
   * Starts a worker.
   *
   * @param events hears of it, from before this returns on
   * @throws ProcessStartException if it cannot be started
   */
  Worker start(String name, Worker.Events events) throws ProcessStartException;

  /** The same kind with another heap for each worker, if they have one of their own. */
  default WorkerKind withMaxHeap(String size) {
    return this;
  }

  /** A new packer, of what its workers take. */
  Packer packer();

  /**
   * Checks code that was not compiled for this library.
   *
   * @throws TaskNotSerializableException if it cannot travel to these workers, whatever it holds
   */
  void check(Object task);

  /**
   * Refuses what is not Serializable.
   *
   * @param where it cannot travel to another
   */
  static void requireSerializable(Object task, String where) {
    if (!(task instanceof Serializable)) {
      throw new TaskNotSerializableException(
          "task is not Serializable, so it cannot travel to another "
              + where
              + ": class="
              + task.getClass().getName()
              + ". A lambda given to submit directly is; one kept in a variable needs a type of"
              + " dev.procession.function.",
          null);
    }
  }
}
