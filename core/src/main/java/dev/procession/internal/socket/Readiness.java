package dev.procession.internal.socket;

import dev.procession.internal.shared.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waiting until a channel is ready for one kind of operation. A blocking call on the channel itself
 * would close it when its thread is interrupted. For one waiting thread at a time; anyone may
 * close.
 */
final class Readiness {
  private final SelectableChannel channel;
  private final int operation;

  /** Made when somebody waits for the first time: most never wait for room. */
  private @Nullable Selector selector;

  private boolean closed;

  Readiness(SelectableChannel channel, int operation) {
    this.channel = channel;
    this.operation = operation;
  }

  private synchronized @Nullable Selector selector() throws IOException {
    if (closed) {
      return null;
    }
    Selector known = selector;
    if (known == null) {
      known = registered();
      selector = known;
    }
    return known;
  }

  private Selector registered() throws IOException {
    Selector made = Selector.open();
    boolean done = false;
    try {
      channel.register(made, operation);
      done = true;
      return made;
    } finally {
      if (!done) {
        made.close();
      }
    }
  }

  /** Waits; false if the time is over before. Returns at once when this is closed. */
  boolean await(Deadline deadline) throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Selector waiting = selector();
    if (waiting == null) {
      return true;
    }
    try {
      int ready = select(waiting, deadline.left());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return ready > 0 || !deadline.isOver();
    } catch (ClosedSelectorException e) {
      return true;
    }
  }

  private static int select(Selector selector, long nanos) throws IOException {
    selector.selectedKeys().clear();
    if (nanos <= 0) {
      return selector.selectNow();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return selector.select(Math.max(1, millis)); // zero would be for ever
  }

  void close() throws IOException {
    Selector waiting;
    synchronized (this) {
      closed = true;
      waiting = selector;
    }
    if (waiting != null) {
      waiting.close();
    }
  }
}
