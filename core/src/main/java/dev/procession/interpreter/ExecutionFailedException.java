package dev.procession.interpreter;

import org.jspecify.annotations.Nullable;

/**
 * Code in an {@link Interpreter} has thrown something. If that can cross, it is thrown itself, and
 * this is the last of its causes; otherwise this stands for it.
 */
public final class ExecutionFailedException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  /** Class name of what was thrown. */
  private final String type;

  /** Its message. */
  private final @Nullable String originalMessage;

  /** Its stack trace. */
  private final String originalStackTrace;

  /**
   * Creates one.
   *
   * @param interpreter in which it was thrown, for people
   * @param type class name of what was thrown
   * @param originalMessage of it, or null
   * @param originalStackTrace as it printed that
   */
  public ExecutionFailedException(
      String interpreter,
      String type,
      @Nullable String originalMessage,
      String originalStackTrace) {
    super(
        "in "
            + interpreter
            + ": "
            + type
            + (originalMessage == null ? "" : ": " + originalMessage)
            + "\n--- stack trace there ---\n"
            + originalStackTrace);
    this.type = type;
    this.originalMessage = originalMessage;
    this.originalStackTrace = originalStackTrace;
  }

  /**
   * Returns the class name of what was thrown.
   *
   * @return a binary name
   */
  public String type() {
    return type;
  }

  /**
   * Returns the message of what was thrown.
   *
   * @return the message, or null if it had none
   */
  public @Nullable String originalMessage() {
    return originalMessage;
  }

  /**
   * Returns the stack trace of what was thrown.
   *
   * @return what {@link Throwable#printStackTrace()} printed there
   */
  public String originalStackTrace() {
    return originalStackTrace;
  }
}
