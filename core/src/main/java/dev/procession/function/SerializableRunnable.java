package dev.procession.function;

import java.io.Serializable;

/**
 * A {@link Runnable} that can travel to another process, and may throw checked exceptions. A lambda
 * gives {@link #perform}.
 */
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {
  /**
   * Does what it is for.
   *
   * @throws Exception if it fails; the exception travels back
   */
  void perform() throws Exception;

  /** Performs it; a checked exception comes as the cause of an {@link IllegalStateException}. */
  @Override
  @SuppressWarnings("FunctionalInterfaceMethodChanged") // does what perform does
  default void run() {
    try {
      perform();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
