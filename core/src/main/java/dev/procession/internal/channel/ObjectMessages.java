package dev.procession.internal.channel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Objects as messages of an endpoint. Thread-safe. */
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
      endpoint.send(MemorySegment.ofArray(messages.bytes()).asSlice(0, messages.length()));
      sent = true;
    } finally {
      if (!sent) {
        messages.discard();
      }
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
      return messages.get(0);
    } finally {
      messages.giveBack();
    }
  }
}
