package dev.procession.channel;

import java.io.IOException;

/**
 * A message cannot be sent: nobody holds the other end any more, as all who did have closed it, or
 * have ended. Nothing of it was sent.
 */
public final class PeerClosedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message.
   *
   * @param message whose end it is
   */
  public PeerClosedException(String message) {
    super(message);
  }
}
