package dev.procession;

import org.jspecify.annotations.Nullable;

/** Root of this library's exceptions. Where one of the JDK's fits, that is thrown instead. */
public class ProcessionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what happened, the facts, the likely cause and the next step
   * @param cause the cause, or null
   */
  protected ProcessionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
