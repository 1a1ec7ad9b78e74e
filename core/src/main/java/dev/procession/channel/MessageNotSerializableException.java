package dev.procession.channel;

import dev.procession.ProcessionException;
import org.jspecify.annotations.Nullable;

/**
 * An object cannot travel. Thrown where it was to be put or sent, in the caller's thread; nothing
 * of it was. The message names what cannot travel, its class, and the way to it.
 */
public final class MessageNotSerializableException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what cannot travel
   * @param cause what the encoding threw, or null
   */
  public MessageNotSerializableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
