package dev.procession.internal.worker;

import dev.procession.internal.launch.WorkerScope;
import dev.procession.internal.os.Os;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/** Processes that the tasks of this worker have started, however they did. */
final class StartedProcesses {
  private StartedProcesses() {}

  /**
   * Ends those that were started since a time, and what they have started, and those: SIGKILL. Not
   * those that a value of this worker needs, which was made meanwhile and stays. Those of which the
   * parent has ended already are not found. Throws nothing: for want of file descriptors, or of
   * memory, they go on.
   *
   * @param nanoTime as {@link System#nanoTime} tells it
   */
  static void endThoseSince(long nanoTime) {
    try {
      LongPredicate isYoung = Os.current().startedSince(nanoTime);
      for (WorkerScope.Making making : WorkerScope.current().makingsSince(nanoTime)) {
        LongPredicate isOlder = Os.current().startedSince(making.begin()).negate();
        LongPredicate isYounger = Os.current().startedSince(making.end() + slack());
        isYoung = isYoung.and(isOlder.or(isYounger));
      }
      end(isYoung);
    } catch (RuntimeException | Error e) {
      return; // who has waited for the task hears of that, not of this
    }
  }

  /** What was started at the very end is not taken for what came after it. */
  private static long slack() {
    return 2 * Os.current().startPrecision();
  }

  private record Started(ProcessHandle process, long parent) {
    static Started of(ProcessHandle process) {
      return new Started(process, process.parent().map(ProcessHandle::pid).orElse(0L));
    }

    long pid() {
      return process.pid();
    }
  }

  private static void end(LongPredicate isYoung) {
    long me = ProcessHandle.current().pid();
    List<Started> all = ProcessHandle.current().descendants().map(Started::of).toList();
    Set<Long> ending = new HashSet<>();
    for (Started one : all) {
      if (one.parent() == me && isYoung.test(one.pid())) {
        ending.add(one.pid());
      }
    }
    boolean more = !ending.isEmpty();
    while (more) {
      more = false;
      for (Started one : all) {
        more |= ending.contains(one.parent()) && ending.add(one.pid());
      }
    }
    all.stream()
        .filter(one -> ending.contains(one.pid()))
        .forEach(one -> one.process().destroyForcibly());
  }
}
