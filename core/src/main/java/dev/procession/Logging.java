package dev.procession;

import dev.procession.internal.logging.Forwarding;
import dev.procession.internal.logging.LogSetup;

/**
 * Where log records of several processes go. By default each process logs as the JDK is configured
 * there, and the library itself logs by the {@link System.Logger} named {@code dev.procession}, at
 * the level {@code DEBUG}. Needs the module {@code java.logging}.
 */
public final class Logging implements AutoCloseable {
  private final Forwarding forwarding;

  private Logging(Forwarding forwarding) {
    this.forwarding = forwarding;
  }

  /**
   * Has the library log to standard error, here and in processes that are started from now on: one
   * line for each record, as {@code [DEBUG/worker-1 4711] text}. Lines of several processes do not
   * mix where the system keeps short writes whole, as it does for files and pipes. Calling it again
   * changes the level.
   *
   * @param level from which on
   */
  public static void logToStderr(System.Logger.Level level) {
    LogSetup.toStandardError(level);
  }

  /**
   * Has processes that are started from now on log here: what they log by whatever {@link
   * System.Logger} or {@link java.util.logging.Logger} is logged by the {@link System.Logger} of
   * the same name in this process, at the same level, with the name and pid of who has logged it in
   * front, if its own level lets it through there; what was thrown comes as a {@link
   * RemoteException}. It is not shown there any more. Whoever logs does not wait: when the road
   * here is full, records are dropped.
   *
   * @return to be closed when it is enough; records that came by then are logged
   * @throws java.io.UncheckedIOException if there is no room for it
   */
  public static Logging forward() {
    return new Logging(Forwarding.begin());
  }

  /** Ends forwarding: what others log from now on is dropped. Idempotent. */
  @Override
  public void close() {
    forwarding.close();
  }
}
