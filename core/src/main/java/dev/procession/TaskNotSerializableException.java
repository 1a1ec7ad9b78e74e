package dev.procession;

import org.jspecify.annotations.Nullable;

/**
 * Code or a value cannot travel to another process. Thrown at the call that was to send it, in the
 * caller's thread; it has not been sent, though items before it may have been. The message names
 * what cannot travel, its class, and the way to it: captured variables, fields, elements.
 */
public final class TaskNotSerializableException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what cannot travel
   * @param cause what the encoding threw, or null
   */
  public TaskNotSerializableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
