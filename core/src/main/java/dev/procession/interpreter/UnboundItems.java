package dev.procession.interpreter;

/**
 * What becomes of the items that an {@link Interpreter} has put into an {@link InterpreterQueue}
 * and nobody has taken when it is closed.
 */
public enum UnboundItems {
  /** They stay, as any other. Not in Python, where they belong to the interpreter. */
  KEEP,

  /** Each becomes {@link InterpreterQueue.Unbound#UNBOUND}. */
  MARK,

  /** Who would take one gets an {@link ItemInterpreterClosedException} instead, once for each. */
  FAIL,

  /** They vanish. */
  REMOVE
}
