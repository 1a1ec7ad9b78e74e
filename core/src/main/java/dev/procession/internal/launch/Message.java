package dev.procession.internal.launch;

/**
 * Types of records in the rings, and what is in their bodies. Numbers are in the byte order of the
 * machine; a frame is one of {@link dev.procession.internal.codec.Frames}.
 */
public final class Message {
  // from the parent

  /** Definition of a lambda shape. */
  public static final int SHAPE = 1;

  /** long number of a function, frame with it. */
  public static final int FUNCTION = 2;

  /** long number of a function that no chunk will use any more. */
  public static final int FORGET = 3;

  /** See {@link ChunkLayout}. */
  public static final int CHUNK = 4;

  /** Frame with the name of the process, frame with what it runs, a {@code Callable}. */
  public static final int PROCESS = 5;

  /** Nothing: the worker ends when it has done what came before. */
  public static final int END = 6;

  // from the worker

  /** Nothing: the first of all. */
  public static final int HELLO = 16;

  /** long chunk, int item, frame with what the item returned. */
  public static final int VALUE = 17;

  /** long chunk, int item, int code of a {@link FailureKind}, frame with a failure. */
  public static final int FAILURE = 18;

  /** long chunk, int items claimed of it, long nanoseconds it took: its bytes are given back. */
  public static final int CHUNK_END = 19;

  /**
   * int number of the request, int number of the loader, int length of the resource's path, that
   * path and the path of the file for the reply, both in UTF-8.
   */
  public static final int FIND_RESOURCE = 20;

  /** Nothing: the code of a {@link #PROCESS} is about to run. */
  public static final int STARTED = 22;

  /**
   * Nothing: the worker's JVM shuts down. The parent answers with {@link Control#LEAVE}, so that no
   * thread of the worker is blocked in a read: a JVM waits 300 ms for such threads before it exits.
   */
  public static final int LEAVING = 23;

  /** Stack trace of the main thread, UTF-8. */
  public static final int TRACE = 24;

  /** Bytes of a trace; what is longer is cut. */
  public static final int LONGEST_TRACE = 16 * 1024;

  /** Definition of a lambda shape. */
  public static final int WORKER_SHAPE = 21;

  private Message() {}
}
