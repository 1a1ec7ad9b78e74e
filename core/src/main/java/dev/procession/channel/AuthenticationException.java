package dev.procession.channel;

import java.io.IOException;

/**
 * A peer and this process do not have the same key, or it does not speak the protocol. Nothing that
 * it sent was decoded, and the connection is closed.
 */
public final class AuthenticationException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message.
   *
   * @param message what was wrong
   */
  public AuthenticationException(String message) {
    super(message);
  }
}
