package dev.procession.internal.launch;

/** Bytes that a parent writes to the standard input of its worker. The end of it means: end. */
public final class Control {
  /** Something in the segment has changed. */
  public static final int WAKE = 'w';

  /** Interrupt the main thread. */
  public static final int INTERRUPT = 'i';

  /** The worker has said that it is leaving: stop reading, see {@link Message#LEAVING}. */
  public static final int LEAVE = 'l';

  private Control() {}
}
