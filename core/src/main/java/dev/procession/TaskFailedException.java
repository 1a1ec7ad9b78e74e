package dev.procession;

/** Carries a checked exception that a task has thrown, as cause, out of a method like a map. */
public final class TaskFailedException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param cause what the task has thrown
   */
  public TaskFailedException(Throwable cause) {
    super("task failed: " + cause, cause);
  }
}
