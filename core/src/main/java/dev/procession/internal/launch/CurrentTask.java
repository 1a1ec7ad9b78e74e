package dev.procession.internal.launch;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The task that a thread runs, as far as its worker says so. */
public final class CurrentTask {
  /** Hears how far a task is. */
  public interface Progress {
    /** So much is done of so much; ignored if the task has ended. For any thread. */
    void report(long done, long total);
  }

  private static final ThreadLocal<@Nullable Supplier<Progress>> OF_THREAD = new ThreadLocal<>();

  /** What is to be done before the end of the task that a thread runs. */
  private static final ThreadLocal<@Nullable Runnable> LAST = new ThreadLocal<>();

  private CurrentTask() {}

  /**
   * This thread runs tasks from now on.
   *
   * @param current gives the one that it runs, when it is asked while it runs one
   */
  public static void serve(Supplier<Progress> current) {
    OF_THREAD.set(current);
  }

  /** What a thread that runs tasks does now: its stack trace, a frame a line. */
  public static String trace(Thread thread) {
    StringBuilder text = new StringBuilder();
    write(thread.getStackTrace(), text);
    return text.toString();
  }

  /** Writes a stack trace, a frame a line. */
  @SuppressWarnings("AvoidObjectArrays") // as the JDK has them
  public static void write(StackTraceElement[] frames, StringBuilder target) {
    for (StackTraceElement frame : frames) {
      target.append("\tat ").append(frame).append('\n');
    }
  }

  /** Does something when the task of this thread is done, before anybody hears of that. */
  public static void beforeEnd(Runnable action) {
    if (!action.equals(LAST.get()) && OF_THREAD.get() != null) {
      ends();
      LAST.set(action);
    }
  }

  /** The task of this thread is done. */
  public static void ends() {
    Runnable last = LAST.get();
    if (last != null) {
      LAST.remove();
      last.run();
    }
  }

  /** The task that this thread runs, or null. */
  public static @Nullable Progress get() {
    Supplier<Progress> current = OF_THREAD.get();
    return current == null ? null : current.get();
  }
}
