package dev.procession.channel;

import dev.procession.ProcessionException;
import org.jspecify.annotations.Nullable;

/**
 * An object has arrived that cannot be read in this process: its class is missing or another
 * version, or refuses. It is taken; those behind it are not affected.
 */
public final class MessageNotReadableException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what cannot be read
   * @param cause why
   */
  public MessageNotReadableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
