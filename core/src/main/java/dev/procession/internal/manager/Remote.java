package dev.procession.internal.manager;

import dev.procession.internal.channel.Road;
import dev.procession.internal.codec.Attachment;
import dev.procession.internal.codec.Attachments;
import dev.procession.internal.os.SharedCleaner;
import dev.procession.internal.os.SystemThreads;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A served object as a process holds it: as long as this is reachable, the object lives. The server
 * counts what it has granted to each process; when this is collected, as many are given back.
 * Thread-safe.
 */
final class Remote {
  private final Home home;
  private final long id;
  private final Grants grants;
  private final WeakReference<Remote> reference = new WeakReference<>(this);

  /** What the server has granted; outlives the remote by a moment. */
  private static final class Grants implements Runnable {
    private final Home home;
    private final long id;
    private final AtomicInteger count = new AtomicInteger();

    Grants(Home home, long id) {
      this.home = home;
      this.id = id;
    }

    @Override
    public void run() {
      int all = count.get();
      home.forget(id);
      if (all > 0) {
        SystemThreads.run(() -> RootCalls.release(home, id, all)); // sending may wait
      }
    }
  }

  Remote(Home home, long id) {
    this.home = home;
    this.id = id;
    this.grants = new Grants(home, id);
    var _ = SharedCleaner.register(this, grants);
  }

  WeakReference<Remote> reference() {
    return reference;
  }

  Home home() {
    return home;
  }

  long id() {
    return id;
  }

  void granted() {
    grants.count.incrementAndGet();
  }

  /**
   * What it travels as, with what is being encoded.
   *
   * @param facade that is encoded
   * @param kind how a proxy of it is made, see {@link Kind}
   * @param type that the proxy has, if the kind does not say it
   */
  Handle depart(Object facade, Kind kind, @Nullable Class<?> type) {
    Object destination = Road.destination();
    if (destination instanceof Home itsHome && itsHome.serverId().equals(home.serverId())) {
      return handle(kind, type, Handle.HELD, null); // by who sends it, until it has arrived
    }
    if (destination instanceof Session session && home instanceof LocalHome local) {
      Handle granted = handle(kind, type, Handle.GRANTED, null);
      return Attachments.add(facade, () -> local.server().grant(id, session, granted)).handle();
    }
    Ticket ticket = Attachments.add(this, () -> new Ticket(this));
    return handle(kind, type, ticket.number, destination == null ? home.admission() : null);
  }

  private Handle handle(
      Kind kind, @Nullable Class<?> type, long ticket, @Nullable Admission admission) {
    return new Handle(home.serverId(), home.place(), id, kind, type, ticket, admission);
  }

  /**
   * Keeps the object while its handle is under way; and, until it is freed, also after that has
   * arrived once, as that of a task that may be run again.
   */
  private static final class Ticket implements Attachment {
    private final long number;

    /** Whether this process holds the object for it, in its own server. */
    private final boolean held;

    private final AtomicReference<@Nullable Remote> remote;

    Ticket(Remote remote) {
      this.remote = new AtomicReference<>(remote);
      this.number = RootCalls.ticket(remote.home, remote.id);
      this.held = remote.home instanceof LocalHome local && local.server().holdHere(remote.id);
      if (held) {
        remote.granted(); // in case that it is never freed
      }
    }

    @Override
    public void free() {
      Remote its = remote.getAndSet(null);
      if (its != null) {
        SystemThreads.run(() -> end(its));
      }
    }

    private void end(Remote its) {
      if (held) {
        its.grants.count.decrementAndGet();
        RootCalls.release(its.home, its.id, 1);
      }
      RootCalls.drop(its.home, its.id, number);
    }
  }

  boolean isSame(Remote other) {
    return id == other.id && home.serverId().equals(other.home.serverId());
  }

  @Override
  public String toString() {
    return "object " + id + " at " + home.place();
  }
}
