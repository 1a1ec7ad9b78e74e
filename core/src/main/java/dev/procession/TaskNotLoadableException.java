package dev.procession;

import org.jspecify.annotations.Nullable;

/**
 * A task arrived in the other process, but could not be made there: a class is missing or of
 * another version, or refuses to be read. Nothing of the task has run; the worker goes on.
 */
public final class TaskNotLoadableException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what could not be made
   * @param cause what the other process threw, or null
   */
  public TaskNotLoadableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
