package dev.procession.internal.manager;

import dev.procession.internal.launch.ProgramKey;
import dev.procession.internal.socket.PlainValues;
import dev.procession.internal.socket.SocketSpec;
import dev.procession.manager.ManagerException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a process connects to a server that a relative knows, when a proxy arrives from that.
 *
 * @param key that the server has, too
 * @param longest message in bytes that is received
 * @param filter what objects may be made of, or null if the server is trusted
 * @param encrypted whether the server expects TLS, whose keys and certificates do not travel
 */
record Admission(byte[] key, long longest, @Nullable ObjectInputFilter filter, boolean encrypted)
    implements Serializable {
  private static final Duration CONNECTING = Duration.ofSeconds(10);
  private static final long LONGEST = 1L << 40;

  /** To a server of this program. */
  static Admission ofProgram() {
    return new Admission(ProgramKey.get(), LONGEST, null, false);
  }

  /** To a server of this process, which its relatives trust. */
  static Admission here(SocketSpec spec) {
    return new Admission(spec.key(), LONGEST, null, spec.tls() != null);
  }

  /** To a server to which this process has connected; a filter that cannot travel lets less in. */
  static Admission there(SocketSpec spec) {
    ObjectInputFilter its = spec.filter();
    boolean travels = its == null || its instanceof Serializable;
    return new Admission(
        spec.key(), spec.longest(), travels ? its : new PlainValues(Set.of()), spec.tls() != null);
  }

  /**
   * How to connect.
   *
   * @throws ManagerException if that cannot be done
   */
  SocketSpec spec() {
    if (encrypted) {
      throw new ManagerException(
          "manager with TLS is to be connected to by each process that uses it", null);
    }
    return new SocketSpec(key, CONNECTING, longest, filter, null, false);
  }
}
