package dev.procession.internal.pool;

import dev.procession.internal.os.SystemThreads;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What a task has submitted to the pool that runs it. While some of it is not done, the task may
 * wait for it, so another worker takes the place of its own. When the task is ended, as it was
 * cancelled, ran for too long or lost its worker, this is cancelled; also when the task is
 * interrupted, as it runs for longer than it should. Thread-safe.
 */
final class Offspring {
  private final Chunk chunk;
  private final int item;
  private final int depth;

  /** Works of which items are not done, and how many. Guarded by itself. */
  private final IdentityHashMap<Work, Integer> open = new IdentityHashMap<>();

  /** Whether its task is ended. Guarded likewise. */
  private boolean abandoned;

  /**
   * @param chunk that has the task
   * @param item of the chunk
   */
  Offspring(Chunk chunk, int item) {
    this.chunk = chunk;
    this.item = item;
    this.depth = chunk.depth(item) + 1;
  }

  /** How many tasks are above it, each submitted by the one before. */
  int depth() {
    return depth;
  }

  boolean isOf(Chunk itsChunk, int itsItem) {
    return chunk.equals(itsChunk) && item == itsItem;
  }

  /** Whether its task may wait for it. */
  boolean isAwaited() {
    synchronized (open) {
      return chunk.over() <= item && !open.isEmpty();
    }
  }

  /** Adds to it; false if its task is ended, and may submit nothing more. */
  boolean add(Work work, int items) {
    synchronized (open) {
      if (!abandoned) {
        open.merge(work, items, Integer::sum);
      }
      return !abandoned;
    }
  }

  void done(Work work) {
    synchronized (open) {
      open.computeIfPresent(work, (its, items) -> items == 1 ? null : items - 1);
    }
  }

  /** Its task is ended, and submits nothing more. */
  void abandon() {
    synchronized (open) {
      abandoned = true;
    }
    cancel();
  }

  /** Its task is told to end; in a thread of its own, as code of users hears of it. */
  void cancel() {
    List<Work> left;
    synchronized (open) {
      left = new ArrayList<>(open.keySet());
    }
    if (!left.isEmpty()) {
      SystemThreads.run(() -> left.forEach(Work::abandon));
    }
  }
}
