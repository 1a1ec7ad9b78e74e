package dev.procession.internal.channel;

import dev.procession.internal.codec.Attachment;
import dev.procession.internal.segment.ByteCopy;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Objects as messages of an endpoint, or as bytes. Thread-safe. */
public final class ObjectMessages {
  /** For messages that need not say what they are. */
  public static final byte[] NO_HEAD = {};

  private ObjectMessages() {}

  /**
   * Sends an object like {@link Endpoint#send}.
   *
   * @throws dev.procession.channel.MessageNotSerializableException if it cannot travel
   */
  public static void send(Endpoint endpoint, Object object)
      throws IOException, InterruptedException {
    Objects.requireNonNull(object, "null cannot be sent");
    boolean isPublic = endpoint.filter() != null;
    try (Prepared prepared = prepare(endpoint, NO_HEAD, object, isPublic ? Road.PUBLIC : null)) {
      prepared.send();
    }
  }

  /**
   * Encodes an object that will be sent, behind bytes that say what it is. What is large goes
   * beside the message, where both ends are on this machine and trust each other: who receives it
   * has to decode it.
   *
   * @param destination that what travels sees, see {@link Road}
   * @throws dev.procession.channel.MessageNotSerializableException if it cannot travel
   */
  public static Prepared prepare(
      Endpoint endpoint, byte[] head, Object object, @Nullable Object destination) {
    Messages messages = Messages.borrow();
    boolean done = false;
    try {
      boolean blobs = destination != null && endpoint instanceof PipeEnd;
      Road.to(
          destination,
          () -> {
            messages.add(object, head, blobs);
            return true;
          });
      done = true;
      return new Prepared(endpoint, messages);
    } finally {
      if (!done) {
        messages.giveBack();
      }
    }
  }

  /** A message that is to be sent; for the thread that has encoded it. */
  public static final class Prepared implements AutoCloseable {
    private final Endpoint endpoint;
    private final Messages messages;
    private boolean sent;

    private Prepared(Endpoint endpoint, Messages messages) {
      this.endpoint = endpoint;
      this.messages = messages;
    }

    /** Sends it like {@link Endpoint#send}. */
    public void send() throws IOException, InterruptedException {
      endpoint.send(
          MemorySegment.ofArray(messages.bytes()).asSlice(0, messages.length()),
          messages.attachments());
      sent = true;
    }

    /** Sends it although it may be interrupted; an interrupt is restored then. */
    public void sendAnyway() throws IOException {
      boolean interrupted = false;
      try {
        while (!sent) {
          try {
            send();
          } catch (InterruptedException e) { // nothing is sent
            interrupted = true;
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    /** It is sent, or never will be. */
    @Override
    public void close() {
      if (!sent) {
        messages.discard();
      }
      messages.giveBack();
    }
  }

  /**
   * An object as bytes.
   *
   * @param attachments what it has outside of them
   */
  public record Encoded(byte[] bytes, List<Attachment> attachments) {
    /** Nobody will decode it any more. */
    public void free() {
      attachments.forEach(Attachment::free);
    }
  }

  /**
   * Encodes an object.
   *
   * @throws dev.procession.channel.MessageNotSerializableException if it cannot travel
   */
  public static Encoded encode(Object object) {
    Objects.requireNonNull(object, "null cannot be shared");
    return encode(NO_HEAD, object, null);
  }

  /**
   * Encodes an object likewise, behind bytes that say what it is.
   *
   * @param destination that what travels sees, see {@link Road}
   */
  public static Encoded encode(byte[] head, Object object, @Nullable Object destination) {
    Messages messages = Messages.borrow();
    try {
      Road.to(
          destination,
          () -> {
            messages.add(object, head, false);
            return true;
          });
      return new Encoded(
          Arrays.copyOf(messages.bytes(), messages.length()), messages.attachments());
    } finally {
      messages.giveBack();
    }
  }

  /**
   * Decodes an object.
   *
   * @throws dev.procession.channel.MessageNotReadableException if it cannot be read here
   */
  public static Object decode(byte[] bytes) {
    Messages messages = Messages.borrow();
    try {
      ByteCopy.copy(MemorySegment.ofArray(bytes), messages.room(bytes.length));
      return messages.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array is not too long
    } finally {
      messages.giveBack();
    }
  }

  /**
   * Decodes an object that is the end of a message.
   *
   * @param from where it begins
   * @param filter what it may be made of, or null if its sender is trusted
   * @throws dev.procession.channel.MessageNotReadableException if it cannot be read here
   */
  public static Object decode(byte[] bytes, int from, @Nullable ObjectInputFilter filter) {
    Messages messages = Messages.borrow();
    try {
      return messages.get(bytes, from, filter);
    } finally {
      messages.giveBack();
    }
  }

  /**
   * Receives an object like {@link Endpoint#receive}.
   *
   * @throws dev.procession.channel.MessageNotReadableException if it cannot be read here
   */
  public static Object receive(Endpoint endpoint) throws IOException, InterruptedException {
    Messages messages = Messages.borrow();
    try {
      endpoint.receive(messages::room);
      return messages.get(0, endpoint.filter());
    } finally {
      messages.giveBack();
    }
  }
}
