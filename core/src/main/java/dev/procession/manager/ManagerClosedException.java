package dev.procession.manager;

import org.jspecify.annotations.Nullable;

/**
 * The manager of an object is closed, or its process has ended, or cannot be reached any more.
 * Whether a call that was under way has been done is not known.
 */
public final class ManagerClosedException extends ManagerException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message.
   *
   * @param message which manager
   * @param cause the cause, or null
   */
  public ManagerClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
