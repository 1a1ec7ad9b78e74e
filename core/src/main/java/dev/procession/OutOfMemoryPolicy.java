package dev.procession;

import dev.procession.internal.launch.HeapSize;
import java.io.Serializable;

/**
 * What a pool does about a task that has run out of memory: one that has failed with an {@link
 * OutOfMemoryError}, as itself or as a cause, or with a {@link WorkerDiedException} that
 * {@linkplain WorkerDiedException#isOutOfMemory says so}. Immutable.
 *
 * <p>A task that is run again is so once, in a worker that is started for it and ends with it; only
 * the outcome of that is seen. If that worker cannot be started, the task fails as it had, and why
 * is printed on standard error. Such tasks are run one after the other.
 */
public sealed interface OutOfMemoryPolicy extends Serializable {
  /**
   * It fails, or is run again if its {@linkplain TaskOptions#withRetry retries} say so. The
   * default.
   */
  record Fail() implements OutOfMemoryPolicy {}

  /**
   * It is run again when no other task of the pool runs, and none begins before it has ended. After
   * 10 seconds it is not waited any more for those that run, so that one that waits for what the
   * others would do does not hang.
   */
  record RetryAlone() implements OutOfMemoryPolicy {}

  /**
   * It is run again with a larger heap; alone, as by {@link RetryAlone}, if the {@linkplain
   * ProcessPoolOptions#withMemoryBudget memory budget} has no room beside the others. A pool of
   * threads has one heap for all.
   *
   * @param maxHeap a number with the unit k, m, g or t, as {@code 2g}
   */
  record RetryWithMaxHeap(String maxHeap) implements OutOfMemoryPolicy {
    /**
     * Creates one.
     *
     * @throws IllegalArgumentException if that is no size of memory
     */
    public RetryWithMaxHeap {
      HeapSize.require(maxHeap);
    }
  }

  /**
   * Lets it fail.
   *
   * @return what that is
   */
  static OutOfMemoryPolicy fail() {
    return new Fail();
  }

  /**
   * Has it run again alone.
   *
   * @return what that is
   */
  static OutOfMemoryPolicy retryAlone() {
    return new RetryAlone();
  }

  /**
   * Has it run again with a larger heap.
   *
   * @param maxHeap a number with the unit k, m, g or t, as {@code 2g}
   * @return what that is
   * @throws IllegalArgumentException if that is no size of memory
   */
  static OutOfMemoryPolicy retryWithMaxHeap(String maxHeap) {
    return new RetryWithMaxHeap(maxHeap);
  }
}
