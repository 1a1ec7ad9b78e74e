package dev.procession.internal.manager;

import dev.procession.manager.ServedQueue;
import java.util.List;

/** A served queue as it is called. */
interface QueueApi<E> extends ServedQueue<E> {
  /** All elements at a moment. */
  List<E> copy();

  /** Takes up to so many elements that are there. */
  List<E> drain(int most);

  /** Removes an element of which somebody has a copy. */
  boolean removeCopied(E element);
}
