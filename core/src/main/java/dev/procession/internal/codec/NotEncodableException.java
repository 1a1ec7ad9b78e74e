package dev.procession.internal.codec;

import org.jspecify.annotations.Nullable;

/**
 * A value cannot travel to another process, or within this one to another world. The message says
 * what in it, and where.
 *
 * @see Culprit
 */
public final class NotEncodableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param cause of it, or null
   */
  public NotEncodableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
