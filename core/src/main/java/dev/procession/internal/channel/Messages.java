package dev.procession.internal.channel;

import dev.procession.channel.MessageNotReadableException;
import dev.procession.channel.MessageNotSerializableException;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.LambdaShape;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.segment.SharedBytes;
import java.util.Arrays;

/**
 * Objects as messages, one behind the other, each complete in itself: who reads it need not have
 * read another, as it would from a worker's link.
 *
 * <pre>
 *   ┌──────────────┬──────────────────────────────┬───────────┐
 *   │ shapes       │ length, definition           │ frame     │
 *   │ 4 bytes      │ 4 bytes, bytes; for each     │           │
 *   └──────────────┴──────────────────────────────┴───────────┘
 * </pre>
 *
 * For one thread at a time.
 */
final class Messages {
  private static final int LEAST_BYTES = 256;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  /** Larger than that it is not kept for the next messages. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final ThreadLocal<Messages> OF_THREAD = ThreadLocal.withInitial(Messages::new);

  private final Encoder encoder = Encoder.withoutBlobs(CurrentClasses.get());
  private final Decoder decoder = new Decoder(CurrentClasses.get());
  private byte[] bytes = new byte[LEAST_BYTES];
  private int length;
  private int[] ends = new int[1];
  private int count;

  private boolean borrowed;

  /** Some that nobody uses in this thread; to be given back. */
  static Messages borrow() {
    if (Thread.currentThread().isVirtual()) {
      return new Messages();
    }
    Messages mine = OF_THREAD.get();
    if (mine.borrowed) { // encoding an object puts another
      return new Messages();
    }
    mine.borrowed = true;
    return mine;
  }

  void giveBack() {
    clear();
    borrowed = false;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where each message ends. */
  int[] ends() {
    return ends.length == count ? ends : Arrays.copyOf(ends, count);
  }

  int count() {
    return count;
  }

  private void clear() {
    count = 0;
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[LEAST_BYTES];
    }
  }

  // writing

  /**
   * Adds an object as it is now.
   *
   * @throws MessageNotSerializableException if it cannot travel; those before it stay
   */
  void add(Object message) {
    int start = length;
    boolean added = false;
    try {
      encoder.add(message);
      addInt(encoder.shapes().size());
      for (LambdaShape shape : encoder.shapes()) {
        byte[] definition = shape.definition(CurrentClasses.get());
        addInt(definition.length);
        addBytes(definition, definition.length);
      }
      addBytes(encoder.array(), encoder.length());
      end();
      added = true;
    } catch (NotEncodableException e) {
      throw new MessageNotSerializableException(String.valueOf(e.getMessage()), e);
    } finally {
      encoder.reset();
      if (!added) {
        length = start;
      }
    }
  }

  private void addInt(int value) {
    ensure(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[length++] = (byte) (value >>> (8 * i));
    }
  }

  private void addBytes(byte[] source, int added) {
    ensure(added);
    System.arraycopy(source, 0, bytes, length, added);
    length += added;
  }

  private void ensure(int added) {
    int needed = Math.addExact(length, added);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, MOST_BYTES)));
    }
  }

  private void end() {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = length;
  }

  // reading

  /** Adds a message that has arrived. */
  void add(SharedBytes source, int offset, int added) {
    ensure(added);
    source.getBytes(offset, bytes, length, added);
    length += added;
    end();
  }

  /**
   * The object of a message.
   *
   * @throws MessageNotReadableException if it cannot be read here
   */
  Object get(int index) {
    int start = index == 0 ? 0 : ends[index - 1];
    try {
      return read(start, ends[index]);
    } catch (RuntimeException | Error e) {
      throw new MessageNotReadableException("message cannot be read here: " + e.getMessage(), e);
    }
  }

  private Object read(int start, int end) {
    int shapes = readInt(start);
    int position = start + Integer.BYTES;
    Decoder reader = shapes == 0 ? decoder : new Decoder(CurrentClasses.get());
    for (int i = 0; i < shapes; i++) {
      int definition = position + Integer.BYTES;
      position = definition + readInt(position);
      reader.define(Arrays.copyOfRange(bytes, definition, position));
    }
    Object value = reader.decode(bytes, position, end - position, false);
    if (value == null) {
      throw new IllegalStateException("no object");
    }
    return value;
  }

  private int readInt(int at) {
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= (bytes[at + i] & 0xFF) << (8 * i);
    }
    return value;
  }
}
