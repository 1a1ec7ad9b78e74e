package dev.procession.channel;

/** A {@link ProcessQueue} is closed: nothing can be put, or nothing is left to be taken. */
public final class QueueClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message.
   *
   * @param message what was wanted of which queue
   */
  public QueueClosedException(String message) {
    super(message);
  }
}
