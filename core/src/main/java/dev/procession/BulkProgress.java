package dev.procession;

/**
 * Hears how far a call over many items is, as {@link Pool#map(
 * dev.procession.function.SerializableFunction, java.util.Collection, BulkProgress)} calls it.
 */
@FunctionalInterface
public interface BulkProgress {
  /**
   * More items have ended, in whatever way. Called in the thread that has made the call, often: it
   * should take no time. What it throws ends the call.
   *
   * @param done items that have ended, in their order; never less than before
   * @param total all of them
   */
  void update(long done, long total);
}
