package dev.procession;

import org.jspecify.annotations.Nullable;

/**
 * A task ended well, but what it returned cannot travel back. The task has run; its worker goes on.
 */
public final class ResultNotSerializableException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what cannot travel
   * @param cause what the encoding or decoding threw, or null
   */
  public ResultNotSerializableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
