package dev.procession.internal.manager;

import java.util.Set;

/** A served set as it is called. */
interface SetApi<E> extends Set<E> {
  /** All elements at a moment, in order. */
  Set<E> copy();
}
