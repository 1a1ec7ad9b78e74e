package dev.procession;

/** What {@link Pool#await} waits for. */
public enum ReturnWhen {
  /** Until one is done. */
  FIRST_COMPLETED,
  /** Until one has failed, which to be cancelled is not; or until all are done. */
  FIRST_EXCEPTION,
  /** Until all are done. */
  ALL_COMPLETED
}
