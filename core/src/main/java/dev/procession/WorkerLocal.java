package dev.procession;

import dev.procession.function.SerializableCallable;
import dev.procession.internal.launch.WorkerScope;
import java.io.Serial;
import java.io.Serializable;
import java.util.UUID;

/**
 * A value that each worker of a pool has of its own: a connection, a model, a parser. It is made
 * when a task first asks for it there, is the same for all later tasks of that worker, and is
 * closed at the worker's end if it is {@link AutoCloseable}.
 *
 * {@snippet :
 * var database = WorkerLocal.of(() -> DriverManager.getConnection(url));
 * pool.map(id -> read(database.get(), id), ids);
 * }
 *
 * <p>In a worker that is a process, all its threads have the same value. In a pool of threads, each
 * worker has its own; only the thread in which a task runs can ask for it. Elsewhere there is one
 * for the whole process, which is never closed. A worker that is killed closes nothing. It travels
 * by any road, and is the same wherever it arrives. Thread-safe.
 *
 * @param <T> type of the value
 */
public final class WorkerLocal<T> implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** What it is known by in every worker. */
  private final UUID id;

  /** Makes the value. */
  private final SerializableCallable<T> maker;

  private WorkerLocal(UUID id, SerializableCallable<T> maker) {
    this.id = id;
    this.maker = maker;
  }

  /**
   * Describes a value; nothing is made yet.
   *
   * @param <T> type of the value
   * @param maker makes it, in the worker; never null
   * @return the description, which tasks capture
   */
  public static <T> WorkerLocal<T> of(SerializableCallable<T> maker) {
    return new WorkerLocal<>(UUID.randomUUID(), maker);
  }

  /**
   * Returns the value of the worker that runs this.
   *
   * @return the value
   * @throws IllegalStateException if it cannot be made, with a checked exception as cause; others
   *     come as they are. Who asks next tries again
   */
  public T get() {
    return WorkerScope.current().value(id, maker);
  }
}
