package dev.procession.internal.logging;

import dev.procession.SharedName;
import dev.procession.channel.ProcessQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What is to become of log records in this process, and in those that it starts. Thread-safe. */
public final class LogSetup {
  /** System property: the level from which on the library logs to standard error. */
  public static final String LEVEL = "dev.procession.logLevel";

  /** System property: the shared name of the queue that takes the records of workers. */
  public static final String FORWARD = "dev.procession.logQueue";

  /** Loggers are kept weakly. */
  private static final Logger LIBRARY = Logger.getLogger("dev.procession");

  private LogSetup() {}

  /** The library logs to standard error from a level on; once, whatever was chosen before. */
  public static synchronized void toStandardError(System.Logger.Level level) {
    Level chosen = Levels.of(level);
    for (Handler handler : LIBRARY.getHandlers()) {
      if (handler instanceof LineHandler) {
        LIBRARY.removeHandler(handler);
      }
    }
    LineHandler handler = new LineHandler();
    handler.setLevel(chosen);
    LIBRARY.addHandler(handler);
    LIBRARY.setLevel(chosen);
    LIBRARY.setUseParentHandlers(false); // or there would be two lines for each record
    System.setProperty(LEVEL, level.getName());
  }

  /** In a worker: does what the process that has started it wants. */
  public static void inWorker() {
    String level = System.getProperty(LEVEL);
    if (level != null) {
      toStandardError(System.Logger.Level.valueOf(level));
    }
    String queue = System.getProperty(FORWARD);
    if (queue != null) {
      forwardTo(queue);
    }
  }

  @SuppressWarnings("unchecked") // it was opened for them
  private static void forwardTo(String name) {
    try {
      ProcessQueue<LogForm> queue = SharedName.lookup(name, ProcessQueue.class);
      Logger root = Logger.getLogger("");
      for (Handler handler : root.getHandlers()) {
        root.removeHandler(handler); // what is forwarded is not shown here as well
      }
      root.addHandler(new ForwardHandler(queue));
    } catch (RuntimeException e) {
      return; // who wanted the records is gone: they stay here
    }
  }
}
