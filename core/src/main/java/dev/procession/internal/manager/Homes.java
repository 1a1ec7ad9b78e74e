package dev.procession.internal.manager;

import dev.procession.internal.socket.SocketSpec;
import dev.procession.manager.ManagerClosedException;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers that this process knows: its own, and one link to each other. Thread-safe. */
final class Homes {
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
    lookForDead();
    return add(Link.connect(address, spec));
  }

  /** A link that was made; or one that there is to the same server, instead of it. */
  @SuppressWarnings("ReferenceEquality") // a home is itself
  static Home add(Link made) {
    Home home = known(made);
    if (home != made) {
      made.close(); // not while others are kept from here: who closes a link comes here, too
    }
    return home;
  }

  /** The one that there is already, or the one that was made. */
  private static Home known(Link made) {
    synchronized (BY_ID) {
      Home known = BY_ID.get(made.serverId());
      if (known == null || (known instanceof Link link && link.isClosed())) {
        BY_ID.put(made.serverId(), made);
        return made;
      }
      return known;
    }
  }

  /** Links that nobody uses any more would keep their sockets after their servers have ended. */
  private static void lookForDead() {
    List<Home> homes;
    synchronized (BY_ID) {
      homes = List.copyOf(BY_ID.values());
    }
    for (Home home : homes) {
      if (home instanceof Link link) {
        link.look();
      }
    }
  }

  /**
   * The home of an object that has arrived.
   *
   * @param admission how to connect; null means as to all of the program
   * @throws ManagerClosedException if it cannot be reached
   */
  static Home of(String serverId, String place, @Nullable Admission admission) {
    synchronized (BY_ID) {
      Home known = BY_ID.get(serverId);
      if (known != null) {
        return known;
      }
    }
    Admission its = admission == null ? Admission.ofProgram() : admission;
    Session.mayWait();
    try {
      Home home = connect(Places.address(place), its.spec());
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
}
