package dev.procession;

import java.util.concurrent.CancellationException;

/**
 * A pool has given up a task: it was terminated, or the task was cancelled and its worker ended.
 * Who calls {@link java.util.concurrent.Future#cancel} gets the JDK's exception at once.
 */
public final class TaskCancelledException extends CancellationException {
  private static final long serialVersionUID = 1L;

  /** How far the task had come. */
  private final Execution execution;

  /**
   * Creates one.
   *
   * @param why for people
   * @param execution how far the task had come
   */
  public TaskCancelledException(String why, Execution execution) {
    super(why);
    this.execution = execution;
  }

  /**
   * Returns how far the task had come.
   *
   * @return that
   */
  public Execution execution() {
    return execution;
  }
}
