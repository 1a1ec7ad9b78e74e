package dev.procession.manager;

import java.time.Duration;

/**
 * A semaphore that a {@link Manager} serves. Permits that a process has acquired and not released
 * are released when it ends; unless some process has ever released more than it had acquired: then
 * permits are signals, and belong to nobody. In a {@linkplain Manager#boundedSemaphore bounded} one
 * no process can. Thread-safe; travels as a proxy of the same semaphore.
 */
public interface ServedSemaphore {
  /**
   * Acquires a permit, waiting for it.
   *
   * @throws InterruptedException if interrupted while waiting; none is acquired
   */
  void acquire() throws InterruptedException;

  /**
   * Acquires permits, all at once, waiting for them.
   *
   * @param count how many, at least 0
   * @param timeout zero or less does not wait
   * @return false if the time is over before
   * @throws InterruptedException if interrupted while waiting; none is acquired
   */
  boolean tryAcquire(int count, Duration timeout) throws InterruptedException;

  /**
   * Acquires a permit if there is one.
   *
   * @return whether there was
   */
  boolean tryAcquire();

  /**
   * Releases a permit.
   *
   * @throws IllegalStateException if it is bounded, and this process has none
   */
  void release();

  /**
   * Releases permits.
   *
   * @param count how many, at least 0
   * @throws IllegalStateException if it is bounded, and this process has fewer; none is released
   */
  void release(int count);

  /**
   * Returns how many could be acquired now.
   *
   * @return permits
   */
  int availablePermits();
}
