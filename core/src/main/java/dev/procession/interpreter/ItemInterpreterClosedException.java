package dev.procession.interpreter;

/**
 * The {@link Interpreter} that had put the next item into a queue was closed; the item is taken.
 */
public final class ItemInterpreterClosedException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  /** Creates one. */
  public ItemInterpreterClosedException() {
    super("the interpreter that has put this item was closed");
  }
}
