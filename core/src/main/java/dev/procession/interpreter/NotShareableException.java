package dev.procession.interpreter;

import org.jspecify.annotations.Nullable;

/** A value cannot cross to another {@link Interpreter}. The message says what in it, and where. */
public final class NotShareableException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what cannot cross
   * @param cause of it, or null
   */
  public NotShareableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
