package dev.procession;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process that ran a task has ended without saying how the task ended: it was killed, crashed,
 * or exited. The task has been started, and whether it did its work is unknown, unless {@link
 * #execution} says otherwise; it is not run again. Other tasks are not affected.
 */
public final class WorkerDiedException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /** The pid the process had. */
  private final long pid;

  /** How the process ended. */
  private final ExitStatus exitStatus;

  /** What it ran. */
  private final String task;

  /** How far that had come. */
  private final Execution execution;

  /** For how long. */
  private final @Nullable Duration ranFor;

  /** Whether that was for want of memory. */
  private final boolean outOfMemory;

  /** Path of what its JVM wrote when it crashed. */
  private final @Nullable String crashLog;

  /** The last of its standard error. */
  private final String errorTail;

  /**
   * What is known of the end of a process.
   *
   * @param pid it had
   * @param exitStatus how it ended
   * @param why for people; may be empty
   * @param outOfMemory whether it has ended for want of memory, as far as is known
   * @param crashLog path of what its JVM wrote when it crashed, or null
   * @param errorTail the last it wrote to its standard error
   */
  public record Death(
      long pid,
      ExitStatus exitStatus,
      String why,
      boolean outOfMemory,
      @Nullable Path crashLog,
      String errorTail) {}

  /**
   * Creates one.
   *
   * @param death of the process
   * @param task what it ran
   * @param execution how far that had come
   * @param ranFor for how long, or null if that is not known
   */
  public WorkerDiedException(
      Death death, String task, Execution execution, @Nullable Duration ranFor) {
    super(message(death, task, execution, ranFor), null);
    this.pid = death.pid();
    this.exitStatus = death.exitStatus();
    this.task = task;
    this.execution = execution;
    this.ranFor = ranFor;
    this.outOfMemory = death.outOfMemory();
    this.crashLog = death.crashLog() == null ? null : death.crashLog().toString();
    this.errorTail = death.errorTail();
  }

  private static String message(
      Death death, String task, Execution execution, @Nullable Duration ranFor) {
    return (execution == Execution.NOT_STARTED
            ? "process died, as others had, before it began a task: pid="
            : "process died while it ran a task: pid=")
        + death.pid()
        + ", exitStatus="
        + death.exitStatus()
        + ", task="
        + task
        + (ranFor == null ? "" : ", ranFor=" + ranFor)
        + (death.why().isEmpty() ? "" : ". " + death.why())
        + (death.crashLog() == null ? "" : "\n--- crash log: " + death.crashLog() + " ---")
        + (death.errorTail().isBlank()
            ? ""
            : "\n--- last of its standard error ---\n" + death.errorTail());
  }

  /**
   * Returns the pid that the process had.
   *
   * @return the pid
   */
  public long pid() {
    return pid;
  }

  /**
   * Returns how the process ended.
   *
   * @return exit code or signal
   */
  public ExitStatus exitStatus() {
    return exitStatus;
  }

  /**
   * Returns what the process was running.
   *
   * @return a description for people
   */
  public String task() {
    return task;
  }

  /**
   * Returns how far the task had come.
   *
   * @return {@link Execution#STARTED}; or {@link Execution#NOT_STARTED} if three workers have died
   *     with it before any of them began it, for it is likely the cause
   */
  public Execution execution() {
    return execution;
  }

  /**
   * Returns the last that the process wrote to its standard error, at most 8 KiB.
   *
   * @return text, empty if it wrote nothing
   */
  public String errorTail() {
    return errorTail;
  }

  /**
   * Returns for how long the task had been running.
   *
   * @return from when it had begun to when its end was seen; empty if that is not known
   */
  public Optional<Duration> ranFor() {
    return Optional.ofNullable(ranFor);
  }

  /**
   * Tells whether the process has ended for want of memory: the kernel has killed it while it was
   * short of memory, or its JVM has crashed because it was.
   *
   * @return true if it seems so; that somebody else has killed it at such a moment cannot be ruled
   *     out
   */
  public boolean isOutOfMemory() {
    return outOfMemory;
  }

  /**
   * Returns the file that its JVM wrote when it crashed.
   *
   * @return its absolute path; empty if there is none
   */
  public Optional<Path> crashLog() {
    return Optional.ofNullable(crashLog).map(Path::of);
  }
}
