package dev.procession.internal.socket;

import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.channel.FilteredEnd;
import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.channel.PipeEnd;
import dev.procession.internal.channel.SharedPipe;
import dev.procession.internal.channel.TravellingEnd;
import dev.procession.internal.shared.Deadline;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.net.SocketTimeoutException;

/**
 * A peer that has come in by a socket is sent an end of a pipe, and both go on there.
 *
 * <p>The listener holds the peer's end, too, until the socket ends, which says that it has arrived
 * or never will.
 */
record MemoryWelcome(SocketSpec spec) implements Door.Welcome {
  /** Handles of this library, and what they are made of. */
  static final ObjectInputFilter HANDLES =
      info -> {
        Class<?> type = info.serialClass();
        boolean isOurs =
            type != null && type.getName().startsWith("dev.procession.internal.channel.");
        return isOurs ? ObjectInputFilter.Status.ALLOWED : ObjectInputFilter.Status.REJECTED;
      };

  @Override
  public Endpoint of(SocketEnd end, Deadline deadline) throws IOException, InterruptedException {
    SharedPipe pipe = SharedPipe.create(true);
    PipeEnd mine = new PipeEnd(pipe, 0);
    PipeEnd peers = new PipeEnd(pipe, 1);
    boolean done = false;
    try (end) {
      ObjectMessages.send(end, new TravellingEnd(peers));
      if (!end.poll(deadline)) {
        throw new IOException("peer does not take its end of the pipe in time");
      }
      done = true;
      return filtered(mine, spec);
    } finally {
      peers.close();
      if (!done) {
        mine.close();
      }
    }
  }

  private static Endpoint filtered(Endpoint end, SocketSpec spec) {
    ObjectInputFilter filter = spec.filter();
    return filter == null ? end : new FilteredEnd(end, spec.longest(), filter);
  }

  /** What the listener has sent, for who has come in. */
  static Endpoint arrived(SocketEnd end, SocketSpec spec, Deadline deadline)
      throws IOException, InterruptedException {
    try (end) {
      if (!end.poll(deadline)) {
        throw new SocketTimeoutException("listener sends no end of a pipe in time");
      }
      if (ObjectMessages.receive(end) instanceof TravellingEnd travelling) {
        return filtered(travelling.end(), spec);
      }
      throw new IOException("listener sends something else than an end of a pipe");
    }
  }
}
