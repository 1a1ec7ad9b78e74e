package dev.procession.interpreter;

import dev.procession.ProcessionException;
import org.jspecify.annotations.Nullable;

/** An {@link Interpreter} cannot do what is asked, as it is running, closed, or the main one. */
public class InterpreterException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what happened
   * @param cause of it, or null
   */
  protected InterpreterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates one.
   *
   * @param message what happened
   */
  public InterpreterException(String message) {
    this(message, null);
  }
}
