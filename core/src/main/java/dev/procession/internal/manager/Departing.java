package dev.procession.internal.manager;

import dev.procession.internal.channel.Road;
import dev.procession.manager.ManagerException;
import java.io.Serial;
import java.io.Serializable;

/** An object of a server that is returned to somebody: it arrives as a proxy, and is held there. */
final class Departing implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Server server;
  private final transient ServedObject object;

  Departing(Server server, ServedObject object) {
    this.server = server;
    this.object = object;
  }

  @Serial
  private Object writeReplace() {
    Client client = Road.destination() instanceof Session session ? session.client() : server.own();
    if (!object.hold(client)) {
      throw new ManagerException("client is gone: " + client, null);
    }
    return new Handle(
        server.id(),
        Places.of(server.address()),
        object.id(),
        object.kind(),
        object.kind() == Kind.STUB ? object.type() : null,
        Handle.GRANTED,
        null);
  }
}
