package dev.procession.channel;

import dev.procession.internal.shared.Deadline;
import dev.procession.internal.socket.Door;
import dev.procession.internal.socket.SocketEnd;

/** A peer stays where it has come in. */
final class SocketWelcome implements Door.Welcome<Connection> {
  @Override
  public Connection of(SocketEnd end, Deadline deadline) {
    return new Connection(end);
  }

  @Override
  public void drop(Connection welcomed) {
    welcomed.close();
  }
}
