package dev.procession.internal.pool;

import java.util.Arrays;

/**
 * Where the frames of another thread end in the stack trace of what a task has thrown, and those of
 * the call begin that throws it here. Remote method invocation of the JDK joins traces likewise,
 * without a line between them.
 */
final class Boundary {
  private static final StackTraceElement LINE =
      new StackTraceElement(
          "----", "----", "above: where the task ran; below: where its result is taken", -1);

  private Boundary() {}

  /** The frames so far are those of a worker. */
  static <T extends Throwable> T mark(T rebuilt) {
    return append(rebuilt, LINE);
  }

  /** Adds this thread's frames, if those so far are a worker's. */
  static <T extends Throwable> T cross(T thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    if (frames.length > 0 && frames[frames.length - 1].equals(LINE)) {
      StackTraceElement[] here = new Throwable().getStackTrace();
      return append(thrown, Arrays.copyOfRange(here, 1, here.length));
    }
    return thrown;
  }

  private static <T extends Throwable> T append(T thrown, StackTraceElement... added) {
    StackTraceElement[] frames = thrown.getStackTrace();
    StackTraceElement[] joined = Arrays.copyOf(frames, frames.length + added.length);
    System.arraycopy(added, 0, joined, frames.length, added.length);
    thrown.setStackTrace(joined); // without effect if it has none
    return thrown;
  }
}
