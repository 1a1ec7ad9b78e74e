package dev.procession;

import java.io.Serializable;
import java.util.List;

/**
 * What a pool has done so far, and does now: a snapshot.
 *
 * @param queued tasks, or items, that wait for a worker
 * @param running those that run
 * @param done those that have ended, in whatever way, since the pool was opened
 * @param failed those of them that have not ended with a value, as their workers tell; a value that
 *     cannot be read here is one
 * @param workers those that are there, and the last of those that were, in the order of their start
 */
public record PoolStats(
    long queued, long running, long done, long failed, List<WorkerStats> workers)
    implements Serializable {
  /** Copies the list. */
  public PoolStats {
    workers = List.copyOf(workers);
  }
}
