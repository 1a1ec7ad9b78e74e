package dev.procession.manager;

import java.time.Duration;

/**
 * Something that happens, for all who wait for it, as a {@link Manager} serves it. Thread-safe;
 * travels as a proxy of the same event.
 */
public interface ServedEvent {
  /** It has happened: all who wait go on. */
  void set();

  /** It has not happened. */
  void clear();

  /**
   * Whether it has happened.
   *
   * @return true if so
   */
  boolean isSet();

  /**
   * Waits until it happens.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  void await() throws InterruptedException;

  /**
   * Waits until it happens, for a while.
   *
   * @param timeout zero or less does not wait
   * @return false if the time is over before
   * @throws InterruptedException if interrupted while waiting
   */
  boolean await(Duration timeout) throws InterruptedException;
}
