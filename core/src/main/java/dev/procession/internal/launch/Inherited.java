package dev.procession.internal.launch;

/** System properties that a process passes to those that it starts. */
public final class Inherited {
  /** The level from which on the library logs to standard error. */
  public static final String LOG_LEVEL = "dev.procession.logLevel";

  /** The shared name of the queue that takes the log records of workers. */
  public static final String LOG_QUEUE = "dev.procession.logQueue";

  private Inherited() {}
}
