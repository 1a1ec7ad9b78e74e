package dev.procession.channel;

import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.socket.Door;
import dev.procession.internal.socket.SocketEnd;
import java.io.IOException;
import java.io.ObjectInputFilter;

/**
 * A peer that has come in by a socket is sent an end of a pipe, and goes on there.
 *
 * <p>The listener holds the peer's end, too, until the socket ends, which says that it has arrived
 * or never will.
 */
final class MemoryWelcome implements Door.Welcome<Connection> {
  /** Handles of this library, and what they are made of. */
  static final ObjectInputFilter HANDLES =
      info -> {
        Class<?> type = info.serialClass();
        boolean isOurs = type != null && type.getName().startsWith("dev.procession.");
        return isOurs ? ObjectInputFilter.Status.ALLOWED : ObjectInputFilter.Status.REJECTED;
      };

  @Override
  public Connection of(SocketEnd end, Deadline deadline) throws IOException, InterruptedException {
    Pipe pipe = Pipe.open();
    boolean done = false;
    try (end) {
      ObjectMessages.send(end, pipe.second());
      if (!end.poll(deadline)) {
        throw new IOException("peer does not take its end of the pipe in time");
      }
      done = true;
    } finally {
      pipe.second().close();
      if (!done) {
        pipe.first().close();
      }
    }
    return pipe.first();
  }

  @Override
  public void drop(Connection welcomed) {
    welcomed.close();
  }

  /** What the listener has sent, for who has come in. */
  static Connection arrived(Endpoint end) throws IOException, InterruptedException {
    try (end) {
      return (Connection) ObjectMessages.receive(end);
    }
  }
}
