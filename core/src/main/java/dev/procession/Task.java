package dev.procession;

import dev.procession.internal.launch.CurrentTask;

/**
 * The task that is running, as it sees itself.
 *
 * {@snippet :
 * pool.submit(() -> {
 *   var task = Task.current();
 *   for (int i = 0; i < files.size(); i++) {
 *     index(files.get(i));
 *     task.progress(i + 1, files.size());
 *   }
 * });
 * }
 */
public final class Task {
  private final CurrentTask.Progress progress;

  private Task(CurrentTask.Progress progress) {
    this.progress = progress;
  }

  /**
   * Returns the task, or the item of a map, that this thread runs. It may be handed to other
   * threads.
   *
   * @return the task
   * @throws IllegalStateException if this is not the thread in which a pool runs a task
   */
  public static Task current() {
    CurrentTask.Progress current = CurrentTask.get();
    if (current == null) {
      throw new IllegalStateException("this thread runs no task of a pool");
    }
    return new Task(current);
  }

  /**
   * Says how far the task is, for {@link Pool#stats}, and that it has not stalled, see {@link
   * TaskOptions#withStallTimeout}. Costs next to nothing; for any thread. Ignored when the task has
   * ended.
   *
   * @param done so much
   * @param total of so much, in any unit; negative if that is not known
   */
  public void progress(long done, long total) {
    progress.report(done, total);
  }
}
