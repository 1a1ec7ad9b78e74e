package dev.procession.channel;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message is longer than its receiver has room for, or wants. The connection stays usable: either
 * the message is here, or it stays to be received.
 */
public final class MessageTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Of the message, in bytes. */
  private final long length;

  private final transient byte @Nullable [] message;

  MessageTooLongException(long length, long most, byte @Nullable [] message) {
    super("message is too long: length=" + length + ", most=" + most);
    this.length = length;
    this.message = message;
  }

  /**
   * Returns the length of the message.
   *
   * @return in bytes
   */
  public long length() {
    return length;
  }

  /**
   * Returns the message, if it was received.
   *
   * @return its bytes; empty if it stays to be received
   */
  @SuppressWarnings("ArrayToOptional")
  public Optional<byte[]> message() {
    return Optional.ofNullable(message);
  }
}
