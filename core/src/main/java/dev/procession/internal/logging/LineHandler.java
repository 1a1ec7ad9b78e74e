package dev.procession.internal.logging;

import dev.procession.internal.launch.Self;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Writes a line for each record, with one call of the system: lines of several processes do not
 * mix, where the system keeps short writes whole, as with files that are appended to and, up to
 * 4096 bytes, pipes (POSIX, write).
 */
final class LineHandler extends Handler {
  private static final FileOutputStream ERROR = new FileOutputStream(FileDescriptor.err);
  private static final SimpleFormatter FORMATTER = new SimpleFormatter();

  @Override
  public void publish(LogRecord logged) {
    if (!isLoggable(logged)) {
      return;
    }
    String line =
        "["
            + Levels.of(logged.getLevel()).getName()
            + '/'
            + Self.name()
            + ' '
            + ProcessHandle.current().pid()
            + "] "
            + text(logged)
            + '\n';
    try {
      ERROR.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return; // there is nowhere to say so
    }
  }

  /** On one line: a failure as what it is, without its trace. */
  private static String text(LogRecord logged) {
    Throwable thrown = logged.getThrown();
    String message = FORMATTER.formatMessage(logged);
    String all = thrown == null ? message : message + ": " + thrown;
    return all.replace('\n', ' ').replace('\r', ' ');
  }

  @Override
  public void flush() {
    // nothing is kept
  }

  @Override
  public void close() {
    // standard error stays open
  }
}
