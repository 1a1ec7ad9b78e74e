package dev.procession.internal.pool;

/**
 * What a call has submitted: items, each of which will have exactly one outcome. Told in a reader
 * thread or in one that terminates the pool; must not block, nor run code of users. Whoever tells
 * outcomes shows them afterwards.
 */
interface Work {
  /** Something for people to recognise the item by. */
  String describe(int index);

  void ended(int index, Outcome outcome);

  /** Lets those who wait see the outcomes so far. */
  void show();

  /**
   * The task that has submitted it was ended; called in a thread of its own. If that task itself
   * waits in the call, it ends it.
   */
  default void abandon() {}

  /** How many pieces of it may wait when it is dropped, at most; none if all have ended. */
  default int mostPieces() {
    return 1;
  }

  /** Whether nobody wants it any more, so that what has not begun need not. */
  boolean isDropped();
}
