package dev.procession.internal.channel;

import org.jspecify.annotations.Nullable;

/** Where what this thread is encoding will go, for what travels differently for that. */
public final class Road {
  /** To somebody who is no relative. */
  static final Object PUBLIC = new Object();

  private static final ThreadLocal<@Nullable Object> DESTINATION = new ThreadLocal<>();

  private Road() {}

  /** Something to be encoded. */
  public interface Step<R, E extends Exception> {
    R run() throws E;
  }

  /** Encodes something that goes to a destination. */
  public static <R, E extends Exception> R to(@Nullable Object destination, Step<R, E> step)
      throws E {
    Object outer = DESTINATION.get();
    DESTINATION.set(destination);
    try {
      return step.run();
    } finally {
      DESTINATION.set(outer);
    }
  }

  /** Where it goes; null if to any relative. */
  public static @Nullable Object destination() {
    return DESTINATION.get();
  }
}
