package dev.procession.internal.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker that can take chunks, as its {@link Dispatcher} knows it. Guarded by the lock of the
 * {@link Scheduler}.
 */
final class Slot {
  /** An item that is to end, now or after a while. */
  record Condemned(Chunk chunk, int item) {}

  /**
   * An item whose worker is ended because of it.
   *
   * @param failure of the item
   */
  record Verdict(Condemned condemned, Throwable failure) {}

  private final Worker worker;

  /** Those that it has, oldest first. */
  private final List<Chunk> chunks = new ArrayList<>();

  /** Items that it was given, without those that were taken back. */
  long items;

  /** Whether it gets no more, and ends. */
  boolean isDismissed;

  /** When it has become idle, if it is. */
  long idleSince = System.nanoTime();

  /** Why it is ended, if it is. */
  @Nullable Verdict verdict;

  /** The item that was interrupted last, as it ran for too long. */
  @Nullable Condemned interrupted;

  /** What the item that it runs has submitted, or one before. */
  private @Nullable Offspring offspring;

  Slot(Worker worker, boolean isDismissed) {
    this.worker = worker;
    this.isDismissed = isDismissed;
  }

  Worker worker() {
    return worker;
  }

  List<Chunk> chunks() {
    return chunks;
  }

  /** Whether it may be given more; not what is about to be ended, or waits for others. */
  boolean isTaking(int mostTasks) {
    return !hasHadEnough(mostTasks) && verdict == null && !isHeldUp();
  }

  // tasks that submit tasks

  /** What the item that it runs submits, or null if it runs none. */
  @Nullable Offspring offspring() {
    for (Chunk chunk : chunks.reversed()) {
      int begun = begun(chunk);
      if (begun > 0) {
        return chunk.over() < begun ? offspring(chunk, begun - 1) : null;
      }
    }
    return null;
  }

  /** What an item submits that it runs. */
  Offspring offspring(Chunk chunk, int item) {
    Offspring known = offspring;
    if (known != null && known.isOf(chunk, item)) {
      return known;
    }
    Offspring first = new Offspring(chunk, item);
    offspring = first;
    return first;
  }

  /** Whether it runs an item that may wait for what it has submitted. */
  boolean isHeldUp() {
    return offspring != null && offspring.isAwaited();
  }

  /** An item has ended with its worker: what it has submitted does, too. */
  void abandon(Chunk chunk, int item) {
    if (offspring != null && offspring.isOf(chunk, item)) {
      offspring.abandon();
    }
  }

  /** Whether it ends when it has done what it has. */
  boolean hasHadEnough(int mostTasks) {
    return items >= mostTasks || isDismissed;
  }

  /** Whether it has an item that has begun and not ended. */
  boolean isInAnItem() {
    return running() != null;
  }

  /** The chunk that has such an item, or null. */
  @Nullable Chunk running() {
    for (Chunk chunk : chunks) {
      if (chunk.over() < begun(chunk)) {
        return chunk;
      }
    }
    return null;
  }

  /** Chunks that have items which are not done; a worker tells the end of a chunk later. */
  int unfinished() {
    int unfinished = 0;
    for (Chunk chunk : chunks) {
      unfinished += chunk.isOver() ? 0 : 1;
    }
    return unfinished;
  }

  int begun(Chunk chunk) {
    return Math.clamp(worker.begun(chunk), 0, chunk.end());
  }
}
