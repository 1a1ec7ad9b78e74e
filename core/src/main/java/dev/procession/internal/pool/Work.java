package dev.procession.internal.pool;

import org.jspecify.annotations.Nullable;

/**
 * What a call has submitted: items, each of which will have exactly one outcome. Told in a reader
 * thread or in one that terminates the pool; must not block, nor run code of users. Whoever tells
 * outcomes shows them afterwards.
 */
interface Work {
  /** Something for people to recognise the item by. */
  String describe(int index);

  void succeeded(int index, @Nullable Object value);

  void failed(int index, Throwable failure);

  /** Lets those who wait see the outcomes so far. */
  void show();

  /** Whether nobody wants it any more, so that what has not begun need not. */
  boolean isDropped();
}
