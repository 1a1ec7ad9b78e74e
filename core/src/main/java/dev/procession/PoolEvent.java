package dev.procession;

/** Something that has happened in a pool. */
public sealed interface PoolEvent {
  /**
   * A worker can run tasks.
   *
   * @param worker as it was then
   */
  record WorkerStarted(WorkerStats worker) implements PoolEvent {}

  /**
   * A worker is gone, in whatever way; also one that was never ready, and of which no start was
   * told.
   *
   * @param worker as it was at its end
   */
  record WorkerEnded(WorkerStats worker) implements PoolEvent {}

  /**
   * A task, or an item of a map, has ended, in whatever way; it will not be run again.
   *
   * @param task its label
   * @param failed whether it has not ended with a value
   */
  record TaskEnded(String task, boolean failed) implements PoolEvent {}

  /**
   * A task, or an item of a map, has failed, and is run again.
   *
   * @param task its label
   * @param runs how often it has been run so far
   */
  record TaskRetried(String task, int runs) implements PoolEvent {}
}
