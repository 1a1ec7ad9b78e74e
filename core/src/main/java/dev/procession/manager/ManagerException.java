package dev.procession.manager;

import dev.procession.ProcessionException;
import org.jspecify.annotations.Nullable;

/**
 * A call of a served object did not come to an end there: the manager is closed or gone, which is a
 * {@link ManagerClosedException}; the object is not there any more, or the method is not served; or
 * what was to be passed or returned cannot travel.
 */
public class ManagerException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message.
   *
   * @param message what could not be done, and why
   * @param cause the cause, or null
   */
  public ManagerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
