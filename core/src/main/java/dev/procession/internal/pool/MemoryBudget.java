package dev.procession.internal.pool;

import java.util.Collection;

/**
 * The resident memory that all workers of a pool may have together.
 *
 * @param bytes of all
 * @param expected of one, or 0 where only those that are there tell
 */
public record MemoryBudget(long bytes, long expected) {
  /** There is none. */
  static final MemoryBudget UNLIMITED = new MemoryBudget(Long.MAX_VALUE, 0);

  /** What a JVM takes besides its heap; with a small heap, all of it. */
  static final long OVERHEAD = 64L << 20;

  /**
   * Whether one more fits, which is expected to take as much as the largest.
   *
   * @param workers some of which may be gone
   * @param coming how many are about to come
   */
  boolean hasRoom(Collection<Worker> workers, int coming) {
    return hasRoom(workers, coming, 0);
  }

  /**
   * Whether one more fits.
   *
   * @param its what it will take, unless the largest takes more
   */
  boolean hasRoom(Collection<Worker> workers, int coming, long its) {
    if (bytes == Long.MAX_VALUE) {
      return true;
    }
    long least = Math.max(expected, OVERHEAD);
    long one = Math.max(least, its);
    long taken = 0;
    for (Worker worker : workers) {
      if (!worker.isGone()) {
        long used = Math.max(worker.residentMemory(), least);
        taken += used;
        one = Math.max(one, used);
      }
    }
    return bytes - taken >= one * (coming + 1L);
  }
}
