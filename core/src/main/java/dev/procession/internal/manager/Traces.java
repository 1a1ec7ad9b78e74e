package dev.procession.internal.manager;

import java.util.ArrayList;
import java.util.List;

/** Stack traces of two processes as one. */
final class Traces {
  private static final String OWN = "dev.procession.internal.";

  private Traces() {}

  /** Appends the frames of this thread, behind one that says so. */
  static void join(Throwable failure, String how) {
    List<StackTraceElement> frames = new ArrayList<>(List.of(failure.getStackTrace()));
    frames.add(new StackTraceElement("----", ' ' + how + ' ', null, -1));
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (!frame.getClassName().startsWith(OWN)) {
        frames.add(frame);
      }
    }
    failure.setStackTrace(frames.toArray(StackTraceElement[]::new));
  }
}
