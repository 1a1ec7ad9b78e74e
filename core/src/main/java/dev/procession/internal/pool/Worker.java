package dev.procession.internal.pool;

import dev.procession.ProcessStartException;
import dev.procession.RunningTask;
import dev.procession.WorkerStats;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who runs chunks. What a pool knows of its workers is this, so that there can be other
 * kinds than processes on this machine.
 *
 * <p>All methods may be called under the scheduler's lock, and do not block.
 */
interface Worker {
  /** What {@link Submitter} has for what its tasks do. */
  default Object key() {
    return this;
  }

  /**
   * Gives it a chunk, to be run behind those that it has. It need not see it before {@link
   * #deliver}.
   *
   * @return false if it cannot take it now
   */
  boolean give(Chunk chunk);

  /** Lets it see the chunks that it was given: makes a system call, so not under a lock. */
  void deliver();

  /**
   * Takes back the items of a chunk from {@code limit} on that it has not begun, the later ones
   * first.
   *
   * @return the first item that is surely taken back, at least the limit; -1 if it is too late
   */
  int takeBack(Chunk chunk, int limit);

  /** How many items of a chunk it has begun; all, when it has told that the chunk has ended. */
  int begun(Chunk chunk);

  /**
   * An item that runs.
   *
   * @param item of its chunk
   * @param nanos since it has begun
   * @param quietNanos since it has begun, or has last reported progress
   * @param done what it has reported
   * @param total likewise
   */
  record Running(int item, long nanos, long quietNanos, long done, long total) {}

  /** The item of a supervised chunk that it runs, or null if it runs none of it. */
  @Nullable Running running(Chunk chunk);

  /** Interrupts an item of a supervised chunk, if it still runs. */
  void interrupt(Chunk chunk, int item);

  /** Asks what it does; the answer is a stack trace, and may never come. */
  void trace(Consumer<String> answer);

  /** A job has ended: its function will not be needed again. */
  void forget(Job job);

  /** Whether it may spin while it waits, as it has a processor to itself. */
  void allowSpinning(boolean allowed);

  /** No more work will come: it ends when it has done what it has. */
  void finish();

  /** Ends it now. */
  void kill();

  /** Ends it and all that it has started now. */
  void killWithDescendants();

  /** Its resident memory in bytes, as of some milliseconds ago; -1 if that is not known. */
  long residentMemory();

  /** Whether it has ended. */
  boolean isGone();

  /**
   * What it has done.
   *
   * @param current what it does
   */
  WorkerStats stats(@Nullable RunningTask current);

  /** What a worker tells; in a thread of its own, one call at a time. */
  interface Events {
    /** It can take chunks. */
    void ready(Worker worker);

    /**
     * A chunk has ended.
     *
     * @param items that it has run of it
     */
    void ended(Worker worker, Chunk chunk, int items, long nanos);

    /**
     * It is gone. Its chunks are as they were.
     *
     * @param startFailure why it was never ready, or null if it was
     * @param death makes the exception for an item that it was running
     */
    void gone(Worker worker, @Nullable ProcessStartException startFailure, Chunk.DeathOf death);
  }
}
