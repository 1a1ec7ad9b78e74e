package dev.procession.internal.codec;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a frame for something that arrives as itself, as sender and receiver are in one
 * process. What it stands for is an attachment of the frame.
 *
 * @param number of the attachment
 */
public record Reference(long number) implements Serializable {
  private static final AtomicLong NUMBERS = new AtomicLong();

  /** Those of the frame that this thread decodes. */
  private static final ThreadLocal<List<Attachment>> ARRIVING = ThreadLocal.withInitial(List::of);

  /** To something in the frame that this thread is encoding. */
  static Reference to(Object value) {
    return new Reference(
        Attachments.add(value, () -> new Kept(NUMBERS.incrementAndGet(), value)).number());
  }

  private record Kept(long number, Object value) implements Attachment {
    @Override
    public void free() {
      // whoever has the frame has it
    }
  }

  /** Decodes a frame that has attachments. */
  public static <R extends @Nullable Object> R decode(
      List<Attachment> attachments, Supplier<R> decoding) {
    List<Attachment> outer = ARRIVING.get(); // decoding runs code of users
    ARRIVING.set(attachments);
    try {
      return decoding.get();
    } finally {
      ARRIVING.set(outer);
    }
  }

  @Serial
  private Object readResolve() {
    for (Attachment attachment : ARRIVING.get()) {
      if (attachment instanceof Kept kept && kept.number() == number) {
        return kept.value();
      }
    }
    throw new NotDecodableException("what is meant is not here: number=" + number);
  }
}
