package dev.procession.internal.channel;

import dev.procession.internal.codec.Attachment;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SleepWord;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a connection is over: sends and receives messages of bytes. Thread-safe. */
public interface Endpoint extends AutoCloseable {
  /** A JVM has no longer arrays. */
  int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** Says where the bytes of a message shall go. */
  interface Target {
    /**
     * Room for a message.
     *
     * @throws IOException if it is not wanted; it stays to be received
     */
    MemorySegment allocate(long length) throws IOException;
  }

  /** What an end of a pipe travels as. */
  record Reference(String path, int index, int slot, long ticket) implements Serializable {
    /** Whether it can have been made here, in some process. */
    boolean isValid() {
      return index >= 0 && index <= 1 && slot >= 0 && slot < Holders.SLOTS;
    }
  }

  /**
   * What it travels as, with the message that is being encoded.
   *
   * @throws IllegalStateException if it is closed
   */
  Reference depart();

  /** Whether it can receive. */
  boolean isReadable();

  /** Whether it can send. */
  boolean isWritable();

  /**
   * Sends a message, waiting while there is no room.
   *
   * @param attachments what it has outside of its bytes; to be freed by the caller if this fails,
   *     and by this when nobody can receive the message any more
   * @throws dev.procession.channel.PeerClosedException if nobody can receive it
   * @throws InterruptedException if interrupted while waiting; nothing is sent
   */
  void send(MemorySegment message, List<Attachment> attachments)
      throws IOException, InterruptedException;

  /**
   * Receives a message, waiting for it.
   *
   * @throws EOFException if there is none, and nobody who could send one
   * @throws InterruptedException if interrupted while waiting; a message is lost only if its sender
   *     has stopped in the middle of it
   */
  void receive(Target target) throws IOException, InterruptedException;

  /**
   * Receives a message as an array, waiting for it.
   *
   * @throws IOException if it is longer than one can be; it stays to be received
   */
  default byte[] receiveBytes() throws IOException, InterruptedException {
    byte[][] received = {{}};
    receive(
        length -> {
          if (length > LONGEST_ARRAY) {
            throw new IOException("message is too long: length=" + length);
          }
          received[0] = new byte[(int) length];
          return MemorySegment.ofArray(received[0]);
        });
    return received[0];
  }

  /** Waits until there is a message, or never will be one; false if the time is over before. */
  boolean poll(Deadline deadline) throws InterruptedException;

  /** Where to sleep for a message. */
  SleepWord asleep();

  boolean isClosed();

  /** What objects that are received may be made of; null if the other end is trusted. */
  default @Nullable ObjectInputFilter filter() {
    return null;
  }

  /** Closes it; whoever waits here or at the other end notices. Idempotent. */
  @Override
  void close();
}
