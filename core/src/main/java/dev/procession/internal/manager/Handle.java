package dev.procession.internal.manager;

import dev.procession.internal.codec.Decoder;
import dev.procession.manager.ManagerException;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy travels as.
 *
 * @param server its id
 * @param place where it listens
 * @param object its number there
 * @param kind of proxy, see {@link Kind}
 * @param type that the proxy has, if the kind does not say it
 * @param ticket that keeps the object until this has arrived, or {@link #HELD} or {@link #GRANTED}
 * @param admission how to connect, among relatives; null means that of the receiver's program
 */
public record Handle(
    String server,
    String place,
    long object,
    Kind kind,
    @Nullable Class<?> type,
    long ticket,
    @Nullable Admission admission)
    implements Serializable {
  /** Who sends it holds the object until it has arrived. */
  static final long HELD = 0;

  /** Who receives it holds the object already. */
  static final long GRANTED = -1;

  @Serial
  private Object readResolve() throws InvalidObjectException {
    try {
      if (admission != null && Decoder.isOfStranger()) { // who would be trusted there
        throw new InvalidObjectException("a stranger says how to connect: " + place);
      }
      Home home = Homes.of(server, place, admission);
      Object itself =
          home instanceof LocalHome local ? local.server().itself(object, ticket) : null;
      if (itself != null) {
        return itself;
      }
      if (!isHeld(home)) {
        throw new InvalidObjectException("the object of a proxy is gone: manager=" + place);
      }
      return Proxies.make(kind, type, home.remote(object, true));
    } catch (ManagerException e) {
      InvalidObjectException failure =
          new InvalidObjectException("proxy is of no use here: " + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  /** Whether this process holds the object from now on. */
  private boolean isHeld(Home home) {
    if (ticket == GRANTED) {
      return true;
    }
    if (ticket == HELD && home instanceof LocalHome local) {
      return local.server().holdHere(object);
    }
    return RootCalls.hold(home, object, ticket);
  }
}
