package dev.procession;

import org.jspecify.annotations.Nullable;

/**
 * Stands for an exception of another process that cannot be rebuilt in this one: its class is
 * missing here, something in it cannot travel, or it fails when it is printed. Carries its class
 * name, message and stack trace as text, as far as they can be had.
 */
public final class RemoteException extends ProcessionException {
  private static final long serialVersionUID = 1L;

  /** Class name of the exception it stands for. */
  private final String remoteType;

  /** Its message. */
  private final @Nullable String remoteMessage;

  /** Its stack trace. */
  private final String remoteStackTrace;

  /**
   * Creates one.
   *
   * @param remoteType class name of the exception it stands for
   * @param remoteMessage message of that, or null
   * @param remoteStackTrace as that printed it, with its causes
   */
  public RemoteException(
      String remoteType, @Nullable String remoteMessage, String remoteStackTrace) {
    super(
        "in another process: "
            + remoteType
            + (remoteMessage == null ? "" : ": " + remoteMessage)
            + "\n--- stack trace there ---\n"
            + remoteStackTrace,
        null);
    this.remoteType = remoteType;
    this.remoteMessage = remoteMessage;
    this.remoteStackTrace = remoteStackTrace;
  }

  /**
   * Returns the class name of the exception that it stands for.
   *
   * @return a binary name
   */
  public String remoteType() {
    return remoteType;
  }

  /**
   * Returns the message of the exception that it stands for.
   *
   * @return the message, or null if it had none
   */
  public @Nullable String remoteMessage() {
    return remoteMessage;
  }

  /**
   * Returns the stack trace of the exception that it stands for.
   *
   * @return what {@link Throwable#printStackTrace()} printed there
   */
  public String remoteStackTrace() {
    return remoteStackTrace;
  }
}
