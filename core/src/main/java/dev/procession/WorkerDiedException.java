package dev.procession;

/**
 * The process that ran a task has ended without saying how the task ended: it was killed, crashed,
 * or exited. The task has been started, and whether it did its work is unknown; it is not run
 * again. Other tasks are not affected.
 */
public final class WorkerDiedException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /** The pid the process had. */
  private final long pid;

  /** How the process ended. */
  private final ExitStatus exitStatus;

  /** What it ran. */
  private final String task;

  /** The last of its standard error. */
  private final String errorTail;

  /**
   * Creates one.
   *
   * @param pid the process had
   * @param exitStatus how it ended
   * @param task what it ran
   * @param errorTail the last it wrote to its standard error
   */
  public WorkerDiedException(long pid, ExitStatus exitStatus, String task, String errorTail) {
    super(
        "process died while it ran a task: pid="
            + pid
            + ", exitStatus="
            + exitStatus
            + ", task="
            + task
            + hint(exitStatus)
            + (errorTail.isBlank() ? "" : "\n--- last of its standard error ---\n" + errorTail),
        null);
    this.pid = pid;
    this.exitStatus = exitStatus;
    this.task = task;
    this.errorTail = errorTail;
  }

  private static String hint(ExitStatus status) {
    return switch (status.signalName().orElse("")) {
      case "KILL" -> ". Likely killed by somebody, or by the kernel for want of memory.";
      case "SEGV", "ABRT", "BUS", "ILL", "FPE" ->
          ". Likely a crash in native code; the JVM writes hs_err_pid*.log.";
      default -> ".";
    };
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
   * Returns the last that the process wrote to its standard error, at most 8 KiB.
   *
   * @return text, empty if it wrote nothing
   */
  public String errorTail() {
    return errorTail;
  }
}
