package dev.procession.manager;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;

/**
 * A queue that a {@link Manager} serves. Who waits for an element or for room waits at the manager,
 * and delays no other call. An element whose taker is gone before it has arrived is put back in
 * front. Iterators walk a copy. Thread-safe; travels as a proxy of the same queue.
 *
 * @param <E> type of the elements, not null
 */
public interface ServedQueue<E> extends BlockingQueue<E> {
  /**
   * Says that an element that was taken is dealt with.
   *
   * @throws IllegalStateException if it was called more often than elements were put
   */
  void taskDone();

  /**
   * Waits until all elements that were put are dealt with, or were removed without being taken.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  void awaitDone() throws InterruptedException;

  /**
   * Waits likewise for a while.
   *
   * @param timeout zero or less does not wait
   * @return false if the time is over before
   * @throws InterruptedException if interrupted while waiting
   */
  boolean awaitDone(Duration timeout) throws InterruptedException;
}
