package dev.procession;

/**
 * A pool has given up, as it cannot have workers: the cause says why. That is what a worker's
 * initializer has thrown, or a {@link ProcessStartException} when several could not be started one
 * after the other. The task has not begun.
 */
public final class PoolBrokenException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what happened
   * @param cause why
   */
  public PoolBrokenException(String message, Throwable cause) {
    super(message, cause);
  }
}
