package dev.procession.internal.logging;

import dev.procession.internal.launch.Self;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A log record as it travels.
 *
 * @param logger name of its logger
 * @param level its level
 * @param message with its parameters
 * @param type class of what was thrown, or null
 * @param thrown message of that, or null
 * @param trace of that, or empty
 * @param process name and pid of who has logged it
 */
record LogForm(
    String logger,
    System.Logger.Level level,
    String message,
    @Nullable String type,
    @Nullable String thrown,
    String trace,
    String process) {
  private static final SimpleFormatter FORMATTER = new SimpleFormatter();

  static LogForm of(LogRecord logged) {
    Throwable thrown = logged.getThrown();
    return new LogForm(
        String.valueOf(logged.getLoggerName()),
        Levels.of(logged.getLevel()),
        FORMATTER.formatMessage(logged),
        thrown == null ? null : thrown.getClass().getName(),
        thrown == null ? null : thrown.getMessage(),
        thrown == null ? "" : trace(thrown),
        Self.name() + ' ' + ProcessHandle.current().pid());
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
