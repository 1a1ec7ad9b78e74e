package dev.procession;

import org.jspecify.annotations.Nullable;

/**
 * A process could not be started, or ended before it was ready: no java executable, an option that
 * the JVM refuses, no memory, too many processes. The message has what the JVM printed. Nothing is
 * left of it.
 */
public final class ProcessStartException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message why
   * @param cause what the start threw, or null
   */
  public ProcessStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
