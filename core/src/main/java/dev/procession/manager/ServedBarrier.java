package dev.procession.manager;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;

/**
 * Where a number of parties wait for each other, as a {@link Manager} serves it. It breaks when one
 * of those who wait is interrupted, times out, or its process ends. Thread-safe; travels as a proxy
 * of the same barrier.
 */
public interface ServedBarrier {
  /**
   * Waits until all parties do.
   *
   * @return how many were still to come when this one came: 0 for the last
   * @throws BrokenBarrierException if it is broken, or breaks meanwhile
   * @throws InterruptedException if interrupted while waiting, which breaks it
   */
  int await() throws InterruptedException, BrokenBarrierException;

  /**
   * Waits until all parties do, for a while.
   *
   * @param timeout zero or less does not wait
   * @return how many were still to come when this one came: 0 for the last
   * @throws BrokenBarrierException if it is broken, or breaks meanwhile
   * @throws TimeoutException if the time is over before, which breaks it
   * @throws InterruptedException if interrupted while waiting, which breaks it
   */
  int await(Duration timeout) throws InterruptedException, BrokenBarrierException, TimeoutException;

  /** Breaks it for all who wait, and makes it as new. */
  void reset();

  /** Breaks it. */
  void abort();

  /**
   * Whether it is broken.
   *
   * @return true until it is reset
   */
  boolean isBroken();

  /**
   * Returns how many parties there are.
   *
   * @return parties
   */
  int getParties();

  /**
   * Returns how many of them wait now.
   *
   * @return parties
   */
  int getNumberWaiting();
}
