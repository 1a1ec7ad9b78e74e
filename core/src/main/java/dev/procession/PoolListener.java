package dev.procession;

/** Hears what happens in a pool, see {@link PoolOptions#withListener}. */
@FunctionalInterface
public interface PoolListener {
  /**
   * Hears of something. Called for one event after the other, in their order, in a thread of the
   * pool's; what happens goes on meanwhile, so that it may have changed. Events wait for a listener
   * that is slow, and take memory. What it throws is printed to standard error, and ignored.
   *
   * @param event what has happened
   */
  void on(PoolEvent event);
}
