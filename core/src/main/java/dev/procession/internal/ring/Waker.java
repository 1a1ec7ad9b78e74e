package dev.procession.internal.ring;

/** How one side of a ring wakes the other. A dead other side is not an error. */
@FunctionalInterface
public interface Waker {
  void wake();
}
