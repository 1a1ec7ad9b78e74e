package dev.procession.internal.logging;

import dev.procession.SharedName;
import dev.procession.channel.ProcessQueue;
import dev.procession.internal.launch.Inherited;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What is to become of log records in this process, and in those that it starts. Thread-safe. */
public final class LogSetup {
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
    System.setProperty(Inherited.LOG_LEVEL, level.getName());
  }

  /** In a worker: does what the process that has started it wants. */
  public static void inWorker() {
    String level = System.getProperty(Inherited.LOG_LEVEL);
    if (level != null) {
      toStandardError(System.Logger.Level.valueOf(level));
    }
    String queue = System.getProperty(Inherited.LOG_QUEUE);
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
