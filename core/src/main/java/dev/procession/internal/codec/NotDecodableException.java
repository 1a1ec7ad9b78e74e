package dev.procession.internal.codec;

import org.jspecify.annotations.Nullable;

/** Bytes that are not a value here: broken, refused by a filter, or of a class not to be had. */
public final class NotDecodableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotDecodableException(String message) {
    super(message);
  }

  NotDecodableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
