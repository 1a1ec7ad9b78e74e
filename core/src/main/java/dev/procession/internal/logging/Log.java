package dev.procession.internal.logging;

/** What the library itself says, to who looks for the reason of something. Thread-safe. */
public final class Log {
  private Log() {}

  /** Made when something is said: looking for who makes loggers opens all of the class path. */
  private static final class Holder {
    static final System.Logger LOGGER = System.getLogger("dev.procession");

    private Holder() {}
  }

  /** Says why something has ended that others need not be told of. */
  public static void debug(String what, Throwable why) {
    Holder.LOGGER.log(System.Logger.Level.DEBUG, what, why);
  }
}
