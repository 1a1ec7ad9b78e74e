package dev.procession.internal.manager;

import dev.procession.function.SerializableCallable;
import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.launch.Self;
import dev.procession.internal.os.Os;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.socket.Door;
import dev.procession.internal.socket.SocketSpec;
import dev.procession.manager.ManagerClosedException;
import dev.procession.manager.ManagerException;
import dev.procession.manager.ManagerStats;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Serves objects to whoever has the key. Thread-safe. */
public final class Server implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int ID_BYTES = 16;

  /** How often it looks for proxies that were under way and whose senders have ended. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final String id = HexFormat.of().formatHex(Os.current().secret(ID_BYTES));
  private final Door door;
  private final SocketSpec spec;
  private final LocalHome home;
  private final Client own = new Client(Self.name(), ProcessHandle.current().pid());
  private final CountDownLatch ended = new CountDownLatch(1);

  private final AtomicLong numbers = new AtomicLong(Root.ID);
  private final Map<Long, ServedObject> objects = new ConcurrentHashMap<>();

  /** Guarded by itself. */
  private final IdentityHashMap<Object, ServedObject> byTarget = new IdentityHashMap<>();

  private final Map<Client, Session> sessions = new ConcurrentHashMap<>();
  private final Map<String, Object> names = new ConcurrentHashMap<>();

  /** Looks after it, every now and then. */
  private final Consumer<Server> keeper;

  private volatile boolean closed;

  private Server(Door door, SocketSpec spec, Consumer<Server> keeper) {
    this.door = door;
    this.spec = spec;
    this.keeper = keeper;
    this.home = new LocalHome(this);
    ServedObject root =
        new ServedObject(Root.ID, new RootObject(this), Kind.ROOT, Root.class, Set.of(), Set.of());
    root.name(1);
    objects.put(Root.ID, root);
  }

  /**
   * Opens one.
   *
   * @throws IOException if the address cannot be had
   */
  public static Server open(SocketAddress address, SocketSpec spec) throws IOException {
    return open(address, spec, server -> {});
  }

  /**
   * Opens one.
   *
   * @param keeper looks after it, every now and then
   */
  static Server open(SocketAddress address, SocketSpec spec, Consumer<Server> keeper)
      throws IOException {
    Server server = new Server(Door.open(address, BACKLOG, spec), spec, keeper);
    Homes.add(server.home);
    SystemThreads.own().daemon().name("procession-manager-door").start(server::accept);
    return server;
  }

  /** An address that only this program knows. */
  static SocketAddress privateAddress() {
    return Door.privateAddress();
  }

  public SocketAddress address() {
    return door.address();
  }

  String id() {
    return id;
  }

  Admission admission() {
    return Admission.here(spec);
  }

  /** Its objects as this process sees them. */
  Home home() {
    return home;
  }

  Client own() {
    return own;
  }

  // clients

  private void accept() {
    try {
      while (!closed) {
        Endpoint endpoint = door.accept(LOOK);
        if (endpoint == null) {
          look();
        } else {
          begin(endpoint);
        }
      }
    } catch (InterruptedException | IllegalStateException e) {
      return; // it is closed
    }
  }

  /** Looks for what nobody holds any more. */
  private void look() {
    objects.values().forEach(this::removeIfGone);
    keeper.accept(this);
  }

  /** Whether some objects are held by this process only, where they may be garbage. */
  boolean hasSomeHeldOnlyHere() {
    return objects.values().stream().anyMatch(object -> object.isHeldOnlyBy(own));
  }

  /** Whether nobody holds anything. */
  boolean isUnused() {
    return objects.size() == 1; // the root
  }

  /** Serves a client. */
  void begin(Endpoint endpoint) {
    Session session = new Session(this, endpoint);
    sessions.put(session.client(), session);
    if (closed) {
      session.close();
    }
    SystemThreads.own().daemon().name("procession-manager-session").start(session::run);
  }

  /** A client has ended, or was cut off. */
  void left(Client client) {
    client.leave();
    sessions.remove(client);
    for (ServedObject object : objects.values()) {
      object.left(client);
      if (object.target() instanceof Servant servant) {
        servant.left(client);
      }
      removeIfGone(object);
    }
  }

  // objects

  /** Serves an object, which is returned to somebody; the same again if it is served already. */
  private Departing serve(
      Object target, Kind kind, Class<?> type, Set<String> exposed, Set<String> proxied) {
    synchronized (byTarget) {
      ServedObject known = byTarget.get(target);
      if (known != null && !known.isGone()) {
        return new Departing(this, known);
      }
      ServedObject made =
          new ServedObject(numbers.incrementAndGet(), target, kind, type, exposed, proxied);
      byTarget.put(target, made);
      objects.put(made.id(), made);
      return new Departing(this, made); // before anybody finds that nobody holds it
    }
  }

  /** What is served already, returned to somebody; null if it is not. */
  private @Nullable Departing served(Object target) {
    synchronized (byTarget) {
      ServedObject known = byTarget.get(target);
      return known == null || known.isGone() ? null : new Departing(this, known);
    }
  }

  void removeIfGone(ServedObject object) {
    synchronized (byTarget) {
      if (!object.isGone() || objects.remove(object.id()) == null) {
        return;
      }
      byTarget.remove(object.target());
    }
    if (object.target() instanceof Servant servant) {
      servant.gone();
    }
  }

  /**
   * What an object of this process travels as.
   *
   * @param facade that is encoded
   */
  Handle depart(Object target, Kind kind, Object facade) {
    Departing departing = serve(target, kind, kind.type(), Set.of(), Set.of());
    try {
      return departing.fromHere(facade);
    } finally {
      Departing.end(departing);
    }
  }

  /**
   * An object.
   *
   * @throws ManagerException if it is gone
   */
  ServedObject find(long object) {
    ServedObject found = objects.get(object);
    if (found == null) {
      throw new ManagerException("object is not served any more: id=" + object, null);
    }
    return found;
  }

  /** A client holds an object, which is about to arrive there. */
  Grant grant(long object, Session session, Handle handle) {
    ServedObject found = find(object);
    boolean _ = found.hold(session.client());
    return new Grant(this, found, session.client(), handle);
  }

  /**
   * What a proxy of an object has arrived as that is no proxy to this process; null if it is one.
   *
   * @param ticket of the proxy
   */
  @Nullable Object itself(long object, long ticket) {
    ServedObject found = objects.get(object);
    Object itself =
        found != null && found.target() instanceof Servant servant ? servant.itself() : null;
    if (itself == null) {
      return null;
    }
    if (ticket == Handle.GRANTED) {
      release(object, 1, own);
    } else {
      drop(object, ticket);
    }
    return itself;
  }

  /** This process holds an object, which has arrived; false if it is gone. */
  boolean holdHere(long object) {
    ServedObject found = objects.get(object);
    return found != null && found.hold(own);
  }

  // what the root does

  long ticket(long object) {
    long number = numbers.incrementAndGet();
    find(object).ticket(number, Caller.current().client());
    return number;
  }

  boolean hold(long object, long ticket) {
    ServedObject found = objects.get(object);
    if (found == null || !found.hold(Caller.current().client())) {
      return false;
    }
    found.drop(ticket);
    return true;
  }

  void release(long object, int count) {
    release(object, count, Caller.current().client());
  }

  private void release(long object, int count, Client client) {
    ServedObject found = objects.get(object);
    if (found != null) {
      found.release(client, count);
      removeIfGone(found);
    }
  }

  void drop(long object, long ticket) {
    ServedObject found = objects.get(object);
    if (found != null) {
      found.drop(ticket);
      removeIfGone(found);
    }
  }

  Object open(Object made, Kind kind) {
    return serve(made, kind, kind.type(), Set.of(), Set.of());
  }

  <T> Object create(
      Class<T> type,
      SerializableCallable<? extends T> factory,
      Set<String> exposed,
      Set<String> proxied)
      throws Exception {
    return serve(factory.call(), Kind.STUB, type, exposed, proxied);
  }

  void bind(String name, Object proxy) {
    if (names.putIfAbsent(name, proxy) != null) {
      throw new ManagerException("name is taken: name=" + name, null);
    }
  }

  @Nullable Object lookup(String name) {
    return names.get(name);
  }

  boolean unbind(String name) {
    return names.remove(name) != null;
  }

  ManagerStats stats() {
    List<ManagerStats.ServedObject> served =
        objects.values().stream()
            .filter(object -> object.id() != Root.ID)
            .map(
                object ->
                    new ManagerStats.ServedObject(
                        object.id(),
                        object.kind().shownFor(object.type()).getName(),
                        object.holders(),
                        object.tickets()))
            .toList();
    List<ManagerStats.Client> clients =
        sessions.keySet().stream()
            .map(
                client ->
                    new ManagerStats.Client(
                        client.name(), client.pid(), heldBy(client), client.calls.get()))
            .toList();
    return new ManagerStats(own.pid(), served, clients, List.copyOf(names.keySet()));
  }

  private int heldBy(Client client) {
    return (int) objects.values().stream().filter(object -> object.isHeldBy(client)).count();
  }

  // calls

  /**
   * Calls a method of an object.
   *
   * @throws Throwable what it throws
   */
  @Nullable Object invoke(ServedObject object, Method method, @Nullable Object[] arguments)
      throws Throwable {
    if (!object.isExposed(method)) {
      throw new ManagerException("method is not served: " + method.getName(), null);
    }
    try {
      Object result = method.invoke(object.target(), unwrap(object, arguments));
      return wrap(object, method, result);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /**
   * Calls likewise; collections are called by one thread at a time, as nothing else guards them.
   */
  @Nullable Object invokeGuarded(ServedObject object, Method method, @Nullable Object[] arguments)
      throws Throwable {
    return object.alone(() -> invoke(object, method, arguments));
  }

  /** Proxies of objects of this server are those objects, to objects of users. */
  private @Nullable Object[] unwrap(ServedObject object, @Nullable Object[] arguments) {
    if (object.kind() != Kind.STUB) {
      return arguments;
    }
    @Nullable Object[] unwrapped = arguments.clone();
    for (int i = 0; i < unwrapped.length; i++) {
      Remote remote = Stub.remoteOf(unwrapped[i]);
      if (remote != null && remote.home() == home) {
        unwrapped[i] = find(remote.id()).target();
      }
    }
    return unwrapped;
  }

  /** Objects that are served are proxies to others, as are results that shall stay here. */
  private @Nullable Object wrap(ServedObject object, Method method, @Nullable Object result) {
    if (result == null) {
      return null;
    }
    Departing known = served(result);
    if (known != null) {
      return known;
    }
    if (result instanceof ConditionObject) {
      return serve(result, Kind.CONDITION, Condition.class, Set.of(), Set.of());
    }
    if (object.isProxied(method)) {
      return serve(result, Kind.STUB, method.getReturnType(), Set.of(), Set.of());
    }
    return result;
  }

  // the end

  public boolean isClosed() {
    return closed;
  }

  /** Waits until it is closed; false if it is not in time. */
  public boolean await(Duration timeout) throws InterruptedException {
    return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }

  /** Whoever waits for its end closes it then. */
  void end() {
    ended.countDown();
  }

  void requireOpen() {
    if (closed) {
      throw new ManagerClosedException("manager is closed: address=" + address(), null);
    }
  }

  /** Calls of this process itself end. */
  private void leave() {
    own.leave();
    for (ServedObject object : objects.values()) {
      if (object.target() instanceof Servant servant) {
        servant.left(own);
      }
    }
    home.close();
  }

  /** Serves nobody any more. Idempotent. */
  @Override
  public void close() {
    closed = true;
    Homes.remove(home);
    door.close();
    sessions.values().forEach(Session::close);
    leave();
    ended.countDown();
  }
}
