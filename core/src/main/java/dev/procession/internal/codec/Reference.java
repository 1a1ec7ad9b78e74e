package dev.procession.internal.codec;

import java.io.Serial;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What stands in a frame for something that arrives as itself, as sender and receiver are in one
 * process.
 *
 * @param number of what it stands for, which is there for as long as the frame
 */
record Reference(long number) implements Serializable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Map<Long, Object> UNDER_WAY = new ConcurrentHashMap<>();

  /** To something in the frame that this thread is encoding. */
  static Reference to(Object value) {
    return new Reference(Attachments.add(value, () -> Kept.of(value)).number());
  }

  /** Keeps something until the frame is not needed any more. */
  private record Kept(long number) implements Attachment {
    static Kept of(Object value) {
      long number = NUMBERS.incrementAndGet();
      UNDER_WAY.put(number, value);
      return new Kept(number);
    }

    @Override
    public void free() {
      UNDER_WAY.remove(number);
    }
  }

  @Serial
  private Object readResolve() {
    Object value = UNDER_WAY.get(number);
    if (value == null) {
      throw new NotDecodableException("what is meant is gone: number=" + number);
    }
    return value;
  }
}
