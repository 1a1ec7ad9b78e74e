package dev.procession.interpreter;

/** There is no such {@link InterpreterQueue}, or not any more. */
public final class QueueNotFoundException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param id of the queue
   */
  public QueueNotFoundException(long id) {
    super("there is no such queue between interpreters: id=" + id);
  }
}
