package dev.procession.internal.manager;

import java.util.LinkedHashSet;
import java.util.Set;

/** A set that is served, in the order in which elements came. */
final class SetObject<E> extends LinkedHashSet<E> implements SetApi<E> {
  private static final long serialVersionUID = 1L;

  @Override
  public Set<E> copy() {
    return new LinkedHashSet<>(this);
  }
}
