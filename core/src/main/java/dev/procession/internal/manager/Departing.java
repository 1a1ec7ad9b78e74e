package dev.procession.internal.manager;

import dev.procession.internal.channel.Road;
import dev.procession.internal.codec.Attachments;
import dev.procession.manager.ManagerException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object of a server that is returned to somebody: it arrives as a proxy, and is held there.
 * Until it is encoded, or {@linkplain #end it is not going to be}, it stays although nobody holds
 * it.
 */
final class Departing implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Server server;
  private final transient ServedObject object;
  private final transient AtomicBoolean ended = new AtomicBoolean();

  Departing(Server server, ServedObject object) {
    this.server = server;
    this.object = object;
    object.departs();
  }

  /** A result is encoded, or will not be. */
  static void end(@Nullable Object result) {
    if (result instanceof Departing departing) {
      departing.end();
    } else if (result instanceof Object[] several) { // of a batch
      Stream.of(several).forEach(Departing::endOne);
    }
  }

  private static void endOne(@Nullable Object result) {
    if (result instanceof Departing departing) {
      departing.end();
    }
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      object.departed();
      server.removeIfGone(object);
    }
  }

  /** What it travels as from this process. */
  Handle fromHere(Object facade) {
    return server.home().remote(object.id(), false).depart(facade, object.kind(), null);
  }

  @Serial
  private Object writeReplace() {
    Client client = Road.destination() instanceof Session session ? session.client() : server.own();
    return Attachments.add(this, () -> grant(client)).handle();
  }

  private Grant grant(Client client) {
    if (!object.hold(client)) {
      throw new ManagerException("client is gone: " + client, null);
    }
    Handle handle =
        new Handle(
            server.id(),
            Places.of(server.address()),
            object.id(),
            object.kind(),
            object.kind() == Kind.STUB ? object.type() : null,
            Handle.GRANTED,
            null);
    return new Grant(server, object, client, handle);
  }
}
