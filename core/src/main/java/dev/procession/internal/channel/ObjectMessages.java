package dev.procession.internal.channel;

import dev.procession.internal.codec.Attachment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Objects as messages of an endpoint, or as bytes. Thread-safe. */
public final class ObjectMessages {
  private ObjectMessages() {}

  /**
   * Sends an object like {@link Endpoint#send}.
   *
   * @throws dev.procession.channel.MessageNotSerializableException if it cannot travel
   */
  public static void send(Endpoint endpoint, Object object)
      throws IOException, InterruptedException {
    Objects.requireNonNull(object, "null cannot be sent");
    Messages messages = Messages.borrow();
    boolean sent = false;
    try {
      messages.add(object);
      endpoint.send(
          MemorySegment.ofArray(messages.bytes()).asSlice(0, messages.length()),
          messages.attachments());
      sent = true;
    } finally {
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
    Messages messages = Messages.borrow();
    try {
      messages.add(object);
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
      messages.room(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
      return messages.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array is not too long
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
