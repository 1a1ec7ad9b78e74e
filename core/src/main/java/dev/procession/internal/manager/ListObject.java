package dev.procession.internal.manager;

import java.util.ArrayList;

/** A list that is served. */
final class ListObject<E> extends ArrayList<E> implements ListApi<E> {
  private static final long serialVersionUID = 1L;
}
