package dev.procession.internal.launch;

/** Bytes that a parent writes to the standard input of its worker. The end of it means: end. */
public final class Control {
  /** Something in the segment has changed. */
  public static final int WAKE = 'w';

  /** Interrupt the main thread. */
  public static final int INTERRUPT = 'i';

  /** Interrupt an item, see {@link LinkLayout#INTERRUPTED_CHUNK}, if it is still running. */
  public static final int INTERRUPT_ITEM = 'j';

  /** Send a {@link Message#TRACE}. */
  public static final int TRACE = 't';

  /** The worker has said that it is leaving: stop reading, see {@link Message#LEAVING}. */
  public static final int LEAVE = 'l';

  private Control() {}
}
