package dev.procession.internal.manager;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An object that a server has, and who holds it. Thread-safe. */
final class ServedObject {
  /** How long a proxy may be under way after the end of the process that has sent it. */
  private static final long ORPHANED_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long id;
  private final Object target;
  private final Kind kind;
  private final Class<?> type;
  private final Set<String> exposed;
  private final Set<String> proxied;

  /** Held by who calls it, if that is for one at a time. */
  private final ReentrantLock guard = new ReentrantLock();

  // guarded by this
  private final Map<Client, Integer> holders = new HashMap<>();
  private final Map<Long, Ticket> tickets = new HashMap<>();
  private boolean hasOrphans;
  private int names;
  private int departing;
  private boolean gone;

  /**
   * For a proxy that is under way.
   *
   * @param orphanedAt when its sender has ended; 0 if it lives
   */
  private record Ticket(Client sender, long orphanedAt) {
    boolean isValid(long now) {
      return orphanedAt == 0 || now - orphanedAt < ORPHANED_NANOS;
    }
  }

  /**
   * @param kind of its proxies, see {@link Kind}
   * @param type whose methods can be called
   * @param exposed names of those that may be; empty for all
   * @param proxied names of those whose results stay here
   */
  ServedObject(
      long id, Object target, Kind kind, Class<?> type, Set<String> exposed, Set<String> proxied) {
    this.id = id;
    this.target = target;
    this.kind = kind;
    this.type = type;
    this.exposed = Set.copyOf(exposed);
    this.proxied = Set.copyOf(proxied);
  }

  long id() {
    return id;
  }

  Object target() {
    return target;
  }

  Kind kind() {
    return kind;
  }

  Class<?> type() {
    return type;
  }

  boolean isExposed(Method method) {
    return exposed.isEmpty() || exposed.contains(method.getName());
  }

  boolean isProxied(Method method) {
    return proxied.contains(method.getName());
  }

  /** Does something with the object, while nobody else does if that is not guarded otherwise. */
  <T extends @Nullable Object> T alone(Caller.Code<T> code) throws Throwable {
    if (!kind.isGuarded()) {
      return code.run();
    }
    lock();
    try {
      return code.run();
    } finally {
      guard.unlock();
    }
  }

  @SuppressWarnings("LockNotBeforeTry") // who calls this does
  private void lock() {
    if (guard.tryLock() || (Session.isReading() && lockSoon())) {
      return;
    }
    Session.mayWait(); // code of users runs there
    guard.lock();
  }

  /** Locks if that takes no longer than to have another thread read. */
  private boolean lockSoon() {
    try {
      return guard.tryLock(SOON_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // who holds it

  /** Whether a client holds it once more; not if nobody has held it any more. */
  synchronized boolean hold(Client client) {
    if (gone || client.isGone()) {
      return false;
    }
    holders.merge(client, 1, Integer::sum);
    return true;
  }

  /** A client holds it so many times less. */
  synchronized void release(Client client, int count) {
    holders.computeIfPresent(client, (c, held) -> held > count ? held - count : null);
  }

  synchronized boolean isHeldBy(Client client) {
    return holders.containsKey(client);
  }

  synchronized void ticket(long number, Client sender) {
    tickets.put(number, new Ticket(sender, 0));
  }

  synchronized void drop(long number) {
    tickets.remove(number);
  }

  /** One that is returned to somebody, and that nobody else may hold yet. */
  synchronized void departs() {
    departing++;
  }

  synchronized void departed() {
    departing--;
  }

  synchronized void name(int change) {
    names += change;
  }

  /** A client has ended. */
  synchronized void left(Client client) {
    holders.remove(client);
    long now = System.nanoTime();
    long at = now == 0 ? 1 : now;
    tickets.replaceAll((n, t) -> t.sender() == client ? new Ticket(client, at) : t);
    hasOrphans = !tickets.isEmpty();
  }

  /** Whether nobody holds it any more, which is for ever. */
  synchronized boolean isGone() {
    if (hasOrphans) { // there may be many tickets, and this is asked for each
      long now = System.nanoTime();
      tickets.values().removeIf(ticket -> !ticket.isValid(now));
      hasOrphans = tickets.values().stream().anyMatch(ticket -> ticket.orphanedAt() != 0);
    }
    gone = gone || (holders.isEmpty() && tickets.isEmpty() && names == 0 && departing == 0);
    return gone;
  }

  /** Whether nobody else holds it: perhaps what does is garbage. */
  synchronized boolean isHeldOnlyBy(Client client) {
    return tickets.isEmpty() && names == 0 && holders.size() == 1 && holders.containsKey(client);
  }

  synchronized int holders() {
    return holders.size();
  }

  synchronized int tickets() {
    return tickets.size();
  }
}
