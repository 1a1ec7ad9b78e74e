package dev.procession.internal.manager;

import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks a copy; what is removed is removed from the original as well. */
class CopyIterator<E extends @Nullable Object> implements Iterator<E> {
  private final Iterator<E> copies;
  private final Consumer<E> remover;
  private boolean removable;
  private E last;

  @SuppressWarnings("NullAway") // there is none before the first
  CopyIterator(Iterator<E> copies, Consumer<E> remover) {
    this.copies = copies;
    this.remover = remover;
  }

  @Override
  public boolean hasNext() {
    return copies.hasNext();
  }

  @Override
  public E next() {
    last = copies.next();
    removable = true;
    return last;
  }

  @Override
  public void remove() {
    if (!removable) {
      throw new IllegalStateException("nothing to remove");
    }
    removable = false;
    remover.accept(last);
  }
}
