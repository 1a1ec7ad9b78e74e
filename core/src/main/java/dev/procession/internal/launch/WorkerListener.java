package dev.procession.internal.launch;

import java.nio.ByteBuffer;

/**
 * Whoever uses a worker. Called in the worker's reader thread, one call at a time; must neither
 * block nor run code of users.
 */
public interface WorkerListener {
  /**
   * A message of the worker.
   *
   * @param type one of {@link Message}
   * @param body in an array of its own offset, only valid during the call
   */
  void received(int type, ByteBuffer body);

  /** There is nothing more to receive for now. */
  default void receivedAll() {}

  /** The worker has ended, and all that it had sent has been received. Called once. */
  void exited(WorkerExit exit);
}
