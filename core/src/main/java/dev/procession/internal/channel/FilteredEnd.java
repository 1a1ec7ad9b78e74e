package dev.procession.internal.channel;

import dev.procession.internal.codec.Attachment;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SleepWord;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An end whose other end is not trusted.
 *
 * @param longest message in bytes that it receives; one that is longer stays, and nothing comes
 *     after it
 * @param filter what objects may be made of
 */
public record FilteredEnd(Endpoint end, long longest, ObjectInputFilter filter)
    implements Endpoint {
  @Override
  public void receive(Target target) throws IOException, InterruptedException {
    end.receive(
        length -> {
          if (length > longest) {
            throw new IOException(
                "peer sends a message that is too long: length=" + length + ", most=" + longest);
          }
          return target.allocate(length);
        });
  }

  // the rest is as without

  @Override
  public void send(MemorySegment message, List<Attachment> attachments)
      throws IOException, InterruptedException {
    end.send(message, attachments);
  }

  @Override
  public boolean poll(Deadline deadline) throws InterruptedException {
    return end.poll(deadline);
  }

  @Override
  public SleepWord asleep() {
    return end.asleep();
  }

  @Override
  public Reference depart() {
    return end.depart();
  }

  @Override
  public boolean isReadable() {
    return end.isReadable();
  }

  @Override
  public boolean isWritable() {
    return end.isWritable();
  }

  @Override
  public boolean isClosed() {
    return end.isClosed();
  }

  @Override
  public void close() {
    end.close();
  }

  @Override
  public String toString() {
    return end.toString();
  }
}
