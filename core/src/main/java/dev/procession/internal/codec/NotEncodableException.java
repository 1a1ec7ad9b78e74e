package dev.procession.internal.codec;

/**
 * A value cannot travel to another process. The message says what in it, and where.
 *
 * @see Culprit
 */
public final class NotEncodableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotEncodableException(String message, Throwable cause) {
    super(message, cause);
  }
}
