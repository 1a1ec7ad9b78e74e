package dev.procession.internal.worker;

import dev.procession.internal.os.Os;
import java.util.ArrayList;
import java.util.List;

/** Processes that the tasks of this worker have started, however they did. */
final class StartedProcesses {
  private StartedProcesses() {}

  /**
   * Ends those that were started since a time, and what they have started, and those: SIGKILL.
   * Those of which the parent has ended already are not found.
   *
   * @param nanoTime as {@link System#nanoTime} tells it
   */
  static void endThoseSince(long nanoTime) {
    List<ProcessHandle> since = new ArrayList<>();
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      if (Os.current().isStartedSince(child.pid(), nanoTime)) {
        since.add(child);
        since.addAll(child.descendants().toList());
      }
    }
    since.forEach(ProcessHandle::destroyForcibly);
  }
}
