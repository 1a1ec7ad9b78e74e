package dev.procession.internal.manager;

import dev.procession.internal.launch.ProgramKey;
import dev.procession.internal.socket.SocketSpec;
import dev.procession.manager.ManagerClosedException;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers that this process knows: its own, and one link to each other. Thread-safe. */
final class Homes {
  private static final Duration CONNECTING = Duration.ofSeconds(10);
  private static final long LONGEST = 1L << 40;

  private static final Map<String, Home> BY_ID = new HashMap<>();

  private Homes() {}

  /** A server of this process. */
  static void add(Home home) {
    synchronized (BY_ID) {
      BY_ID.put(home.serverId(), home);
    }
  }

  static void remove(Home home) {
    synchronized (BY_ID) {
      BY_ID.remove(home.serverId(), home);
    }
  }

  /**
   * The link to a server, which is made if there is none yet.
   *
   * @throws ManagerClosedException if nobody is there
   */
  static Home connect(SocketAddress address, SocketSpec spec)
      throws IOException, InterruptedException {
    return add(Link.connect(address, spec));
  }

  /** A link that was made; or one that there is to the same server, instead of it. */
  static Home add(Link made) {
    synchronized (BY_ID) {
      Home known = BY_ID.get(made.serverId());
      if (known == null || (known instanceof Link link && link.isClosed())) {
        BY_ID.put(made.serverId(), made);
        return made;
      }
      made.close();
      return known;
    }
  }

  /**
   * The home of an object that has arrived.
   *
   * @param key to connect with; null means that of the program
   * @throws ManagerClosedException if it cannot be reached
   */
  static Home of(String serverId, String place, byte @Nullable [] key) {
    synchronized (BY_ID) {
      Home known = BY_ID.get(serverId);
      if (known != null) {
        return known;
      }
    }
    try {
      Home home = connect(Places.address(place), spec(key == null ? ProgramKey.get() : key));
      if (!home.serverId().equals(serverId)) {
        throw new ManagerClosedException(
            "manager is gone, and another is in its place: address=" + place, null);
      }
      return home;
    } catch (IOException e) {
      throw new ManagerClosedException(
          "manager cannot be reached: address=" + place + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ManagerClosedException(
          "interrupted while connecting to a manager: address=" + place, e);
    }
  }

  private static SocketSpec spec(byte[] key) {
    return new SocketSpec(key, CONNECTING, LONGEST, null, null, false);
  }
}
