package dev.procession.internal.channel;

import dev.procession.channel.MessageNotReadableException;
import dev.procession.channel.MessageNotSerializableException;
import dev.procession.internal.codec.Attachment;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.Input;
import dev.procession.internal.codec.LambdaShape;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.codec.Output;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.segment.SharedBytes;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
final class Messages implements RecordQueue.Sink {
  /** Larger than that it is not kept for the next messages. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final byte[] NO_HEAD = {};

  private static final int MOST_BYTES = Integer.MAX_VALUE - 1024;

  private static final ThreadLocal<Messages> OF_THREAD = ThreadLocal.withInitial(Messages::new);

  private final Encoder encoder = Encoder.withoutBlobs(CurrentClasses.get());

  /** For who is sure to decode, and frees what is large; made when it is first needed. */
  private @Nullable Encoder blobEncoder;

  private final Decoder decoder = new Decoder(CurrentClasses.get());
  private Output output = new Output();
  private int[] ends = new int[1];
  private int count;

  private List<Attachment> attachments = List.of();
  private long number;
  private int attempt;
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
    return output.array();
  }

  /** Bytes of all messages. */
  int length() {
    return output.length();
  }

  /** Where each message ends. */
  int[] ends() {
    return ends.length == count ? ends : Arrays.copyOf(ends, count);
  }

  private void clear() {
    count = 0;
    attachments = List.of();
    output.truncate(0);
    if (output.array().length > KEPT_BYTES) {
      output = new Output();
    }
  }

  // writing

  /**
   * Adds an object as it is now.
   *
   * @throws MessageNotSerializableException if it cannot travel; those before it stay
   */
  void add(Object message) {
    add(message, NO_HEAD, encoder);
  }

  /**
   * Adds an object likewise, behind bytes that say what it is.
   *
   * @param blobs whether large arrays may be beside the message
   */
  void add(Object message, byte[] head, boolean blobs) {
    add(message, head, blobs ? blobEncoder() : encoder);
  }

  private Encoder blobEncoder() {
    Encoder known = blobEncoder;
    if (known == null) {
      known = new Encoder(CurrentClasses.get());
      blobEncoder = known;
    }
    return known;
  }

  private void add(Object message, byte[] head, Encoder encoder) {
    int start = output.length();
    boolean added = false;
    try {
      encoder.add(message);
      output.write(head, 0, head.length);
      output.writeFixed(encoder.shapes().size(), Integer.BYTES);
      for (LambdaShape shape : encoder.shapes()) {
        byte[] definition = shape.definition(CurrentClasses.get());
        output.writeFixed(definition.length, Integer.BYTES);
        output.write(definition, 0, definition.length);
      }
      output.write(encoder.array(), 0, encoder.length());
      attach(encoder.attachments());
      end();
      added = true;
    } catch (NotEncodableException e) {
      throw new MessageNotSerializableException(String.valueOf(e.getMessage()), e);
    } finally {
      encoder.reset();
      if (!added) {
        output.truncate(start);
      }
    }
  }

  private void attach(List<Attachment> added) {
    if (!added.isEmpty()) {
      attachments = Stream.concat(attachments.stream(), added.stream()).toList();
    }
  }

  /** What the messages have outside of their bytes. */
  List<Attachment> attachments() {
    return attachments;
  }

  /** None of the messages was sent. */
  void discard() {
    attachments.forEach(Attachment::free);
  }

  private void end() {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = output.length();
  }

  // reading

  /** Adds a message that has arrived. */
  @Override
  public void accept(long newNumber, int newAttempt, SharedBytes source, int offset, int added) {
    number = newNumber;
    attempt = newAttempt;
    int start = output.grow(added);
    source.getBytes(offset, output.array(), start, added);
    end();
  }

  /** Of the last message that has arrived from a queue: its number there. */
  long number() {
    return number;
  }

  /** Likewise, how often it was delivered. */
  int attempt() {
    return attempt;
  }

  /** Room for the only message that arrives. */
  MemorySegment room(long length) throws IOException {
    if (length > MOST_BYTES) {
      throw new IOException("message is too long for an object: length=" + length);
    }
    clear(); // one that was given up
    int start = output.grow((int) length);
    end();
    return MemorySegment.ofArray(output.array()).asSlice(start, length);
  }

  /**
   * The object of a message.
   *
   * @throws MessageNotReadableException if it cannot be read here
   */
  Object get(int index) {
    return get(index, null);
  }

  /** Likewise, of a sender that is not trusted. */
  Object get(int index, @Nullable ObjectInputFilter filter) {
    int start = index == 0 ? 0 : ends[index - 1];
    try {
      return read(output.array(), start, ends[index], filter);
    } catch (RuntimeException | Error e) {
      throw notReadable(e);
    }
  }

  /** The object in bytes, of which it is the end; fails likewise. */
  Object get(byte[] bytes, int from, @Nullable ObjectInputFilter filter) {
    try {
      return read(bytes, from, bytes.length, filter);
    } catch (RuntimeException | Error e) {
      throw notReadable(e);
    }
  }

  private static MessageNotReadableException notReadable(Throwable e) {
    return new MessageNotReadableException("message cannot be read here: " + e.getMessage(), e);
  }

  private Object read(byte[] bytes, int start, int end, @Nullable ObjectInputFilter filter) {
    Input input = new Input(bytes, start, end - start);
    int shapes = (int) input.readFixed(Integer.BYTES);
    Decoder reader =
        shapes == 0 && filter == null ? decoder : new Decoder(CurrentClasses.get(), filter);
    for (int i = 0; i < shapes; i++) {
      reader.define(input.readBytes((int) input.readFixed(Integer.BYTES)));
    }
    int length = input.remaining();
    Object value = reader.decode(bytes, end - length, length, true);
    if (value == null) {
      throw new IllegalStateException("no object");
    }
    return value;
  }
}
