package dev.procession;

/**
 * Hears how far a call over many items is: one that spreads them over the workers of a {@link
 * Pool}, and is given this as its last argument.
 */
@FunctionalInterface
public interface BulkProgress {
  /**
   * More items have ended, in whatever way. Called often, one call at a time, in the thread that
   * has made the call or takes its results, or in one of its own where nobody waits: it should take
   * no time. What it throws ends the call.
   *
   * @param done items that have ended; never less than before
   * @param total all of them; -1 if that is not known
   */
  void update(long done, long total);
}
