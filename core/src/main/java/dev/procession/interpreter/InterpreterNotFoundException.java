package dev.procession.interpreter;

/** There is no such {@link Interpreter}, or not any more. */
public final class InterpreterNotFoundException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param id of the interpreter
   */
  public InterpreterNotFoundException(long id) {
    super("there is no such interpreter, or it was closed: id=" + id);
  }
}
