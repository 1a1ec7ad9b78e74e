package dev.procession.internal.codec;

/** Something outside of the bytes of a frame that is there for who decodes it. */
public interface Attachment {
  /** Nobody will decode the frame any more. Idempotent; does nothing if somebody has. */
  void free();
}
