package dev.procession.internal.ring;

/**
 * How one side of a ring sleeps. A wake-up that comes before the sleep ends the next sleep at once,
 * so none is lost; spurious ones are allowed.
 */
@FunctionalInterface
public interface Sleeper {
  /** Sleeps until the other side wakes this one; may return sooner. */
  void sleep();
}
