package dev.procession.manager;

import dev.procession.Pool;
import dev.procession.ProcessOptions;
import dev.procession.channel.ConnectionOptions;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.manager.Access;
import dev.procession.internal.socket.OptionSpecs;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Serves objects to processes of this machine and others: they hold proxies, and every method that
 * they call happens here once, whoever has called.
 *
 * {@snippet :
 * try (var manager = Manager.start()) {
 *   ServedMap<String, Integer> counts = manager.map();
 *   try (var pool = Pool.processes(4)) {
 *     pool.map(word -> counts.merge(word, 1, Integer::sum), words);
 *   }
 *   IO.println(counts);
 * }
 * }
 *
 * <p><b>Where.</b> {@link #start} starts a process for it, which ends with this one; {@link #serve}
 * serves in this process; {@link #connect} uses one that is served elsewhere. Over the network,
 * both sides show that they have the same key, see {@link dev.procession.channel.Listener}.
 *
 * <p><b>What is passed.</b> Arguments and results are copied. A proxy that is passed arrives as a
 * proxy of the same object, which at its own manager, and for objects of users, is the object
 * itself; so a map may hold a list that others change. Proxies travel by any road at any time.
 *
 * <p><b>Lifetime.</b> An object lives while a process holds a proxy of it, or a name is bound to
 * it, or a proxy of it is under way. When a process ends, in whatever way, what it held is given up
 * within seconds: objects that nobody else holds go, locks and permits are free, a barrier at which
 * it waited breaks. {@link #stats} says what is held.
 *
 * <p><b>Threads.</b> All proxies are for any thread; a process has one connection to each manager.
 * A call that waits delays no other. Where a method can be interrupted, who has called it can be,
 * and hears what came of the call; what was taken meanwhile is not lost.
 *
 * <p><b>Failure.</b> What a method throws comes as itself with the stack traces of both processes,
 * or as {@link dev.procession.RemoteException} if it cannot be rebuilt here. When the manager is
 * closed or gone, all calls end with a {@link ManagerClosedException}, those that wait at once.
 */
public final class Manager implements AutoCloseable {
  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Access access;

  private Manager(Access access) {
    this.access = access;
  }

  /**
   * Starts a process that serves objects to processes of this program.
   *
   * @return the manager; closing it ends the process
   * @throws dev.procession.ProcessStartException if it cannot be started
   */
  public static Manager start() {
    return start(options -> options);
  }

  /**
   * Starts a process that serves objects to processes of this program.
   *
   * @param options makes the options of the process from the default ones
   * @return the manager; closing it ends the process
   * @throws dev.procession.ProcessStartException if it cannot be started
   */
  public static Manager start(UnaryOperator<ProcessOptions> options) {
    return start(options, () -> {});
  }

  /**
   * Starts a process that serves objects to processes of this program.
   *
   * @param options makes the options of the process from the default ones
   * @param initializer runs in the process before it serves
   * @return the manager; closing it ends the process
   * @throws dev.procession.ProcessStartException if it cannot be started, or the initializer fails
   */
  public static Manager start(
      UnaryOperator<ProcessOptions> options, SerializableRunnable initializer) {
    return new Manager(Access.start(options, initializer));
  }

  /**
   * Serves objects in this process.
   *
   * @param address where, see {@link dev.procession.channel.Listener}
   * @param options makes the options of connections from the default ones
   * @return the manager; closing it ends serving
   * @throws IOException if the address cannot be had
   */
  public static Manager serve(SocketAddress address, UnaryOperator<ConnectionOptions> options)
      throws IOException {
    Class<?> caller = CALLERS.getCallerClass();
    return new Manager(
        Access.serve(address, OptionSpecs.of(ConnectionOptions.of(caller, options))));
  }

  /**
   * Connects to a manager that is served elsewhere.
   *
   * @param address where
   * @param options makes the options of the connection from the default ones
   * @return the manager; closing it only says that it is not used here any more
   * @throws dev.procession.channel.AuthenticationException if it has another key
   * @throws IOException if nobody is there, or something else
   * @throws InterruptedException if interrupted meanwhile
   */
  public static Manager connect(SocketAddress address, UnaryOperator<ConnectionOptions> options)
      throws IOException, InterruptedException {
    Class<?> caller = CALLERS.getCallerClass();
    return new Manager(
        Access.connect(address, OptionSpecs.of(ConnectionOptions.of(caller, options))));
  }

  /**
   * Returns where it listens.
   *
   * @return the address, with the port that was found if that was 0
   */
  public SocketAddress address() {
    return access.address();
  }

  // what it serves

  /**
   * Makes a map.
   *
   * @param <K> type of its keys
   * @param <V> type of its values
   * @return a proxy of it
   */
  public <K, V> ServedMap<K, V> map() {
    return access.map();
  }

  /**
   * Makes a list.
   *
   * @param <E> type of its elements
   * @return a proxy of it
   */
  public <E extends @Nullable Object> ServedList<E> list() {
    return access.list();
  }

  /**
   * Makes an array: a list of a fixed size.
   *
   * @param <E> type of its elements
   * @param type class of its elements, which is checked; that of a primitive type has its zeros
   * @param size how many
   * @return a proxy of it
   */
  public <E extends @Nullable Object> ServedList<E> array(Class<E> type, int size) {
    return access.array(type, size);
  }

  /**
   * Makes a set.
   *
   * @param <E> type of its elements
   * @return a proxy of it
   */
  public <E extends @Nullable Object> ServedSet<E> set() {
    return access.set();
  }

  /**
   * Makes a value.
   *
   * @param <T> its type
   * @param initial what it is at first
   * @return a proxy of it
   */
  public <T extends @Nullable Object> ServedValue<T> value(T initial) {
    return access.value(initial);
  }

  /**
   * Makes a queue without a bound.
   *
   * @param <E> type of its elements
   * @return a proxy of it
   */
  public <E> ServedQueue<E> queue() {
    return queue(Integer.MAX_VALUE);
  }

  /**
   * Makes a queue.
   *
   * @param <E> type of its elements
   * @param capacity how many elements it has at most, at least 1
   * @return a proxy of it
   */
  public <E> ServedQueue<E> queue(int capacity) {
    return access.queue(capacity);
  }

  /**
   * Makes a lock that is not reentrant, and that any thread of any process may unlock.
   *
   * @return a proxy of it
   */
  public Lock lock() {
    return access.lock(false);
  }

  /**
   * Makes a lock that is owned by a thread of a process, which may lock it again.
   *
   * @return a proxy of it
   */
  public Lock reentrantLock() {
    return access.lock(true);
  }

  /**
   * Makes a semaphore, of which any process may release permits.
   *
   * @param permits how many it has at first, at least 0
   * @return a proxy of it
   */
  public ServedSemaphore semaphore(int permits) {
    return access.semaphore(permits);
  }

  /**
   * Makes a semaphore whose permits belong to those who have acquired them.
   *
   * @param permits there are, at least 1; a process that releases more than it has gets an {@link
   *     IllegalStateException}, and nothing is released
   * @return a proxy of it
   */
  public ServedSemaphore boundedSemaphore(int permits) {
    return access.boundedSemaphore(permits);
  }

  /**
   * Makes an event that has not happened.
   *
   * @return a proxy of it
   */
  public ServedEvent event() {
    return access.event();
  }

  /**
   * Makes a barrier.
   *
   * @param parties how many wait for each other, at least 1
   * @return a proxy of it
   */
  public ServedBarrier barrier(int parties) {
    return access.barrier(parties);
  }

  /**
   * Makes a namespace: attributes with types, which all who hold it read and write.
   *
   * {@snippet :
   * interface Settings { int level(); void level(int level); }
   * Settings settings = manager.namespace(Settings.class);
   * settings.level(3);
   * }
   *
   * @param <T> what it looks like
   * @param type an interface; a method without parameters reads the attribute of its name, and
   *     throws {@link IllegalStateException} if that was not written yet; one with a parameter and
   *     no result writes it
   * @return a proxy of it
   * @throws IllegalArgumentException if it has other methods
   */
  public <T> T namespace(Class<T> type) {
    try {
      return access.namespace(type);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ManagerException("namespace cannot be made: " + e.getMessage(), e);
    }
  }

  /**
   * Opens a pool of processes on the manager's machine.
   *
   * @param workers how many, at least 1
   * @return the pool; it ends when it is closed, or when no process holds it any more and what was
   *     submitted has run, or with the manager's process
   */
  public Pool pool(int workers) {
    return access.pool(workers);
  }

  /**
   * Makes an object of any class.
   *
   * @param <T> what others see of it
   * @param type an interface: its methods can be called
   * @param factory makes the object, at the manager; it is called by several threads at once
   * @return a proxy of it
   * @throws Exception what the factory throws
   */
  public <T> T create(Class<T> type, SerializableCallable<? extends T> factory) throws Exception {
    return create(type, factory, serving -> serving);
  }

  /**
   * Makes an object of any class.
   *
   * @param <T> what others see of it
   * @param type an interface
   * @param factory makes the object, at the manager; it is called by several threads at once
   * @param serving which methods can be called, and whose results stay there
   * @return a proxy of it
   * @throws Exception what the factory throws
   * @throws IllegalArgumentException if the type is no interface, or has not the methods that are
   *     chosen
   */
  public <T> T create(
      Class<T> type, SerializableCallable<? extends T> factory, UnaryOperator<Serving> serving)
      throws Exception {
    if (!type.isInterface()) {
      throw new IllegalArgumentException("not an interface: class=" + type.getName());
    }
    Serving chosen = serving.apply(Serving.ALL);
    chosen.check(type);
    return access.create(type, factory, chosen.methods(), chosen.proxied());
  }

  // names

  /**
   * Gives an object a name, by which others find it. It lives as long as it has it.
   *
   * @param name for it
   * @param proxy of an object of this manager, or anything else that travels
   * @throws ManagerException if the name is taken
   */
  public void bind(String name, Object proxy) {
    access.bind(name, proxy);
  }

  /**
   * Finds what has a name.
   *
   * @param <T> what it is
   * @param name it has
   * @param type of it
   * @return it, or a proxy of it
   * @throws ManagerException if nothing has the name
   * @throws ClassCastException if it is something else
   */
  public <T> T lookup(String name, Class<T> type) {
    Object found = access.lookup(name);
    if (found == null) {
      throw new ManagerException("nothing has the name: name=" + name, null);
    }
    return type.cast(found);
  }

  /**
   * Takes a name away.
   *
   * @param name it had
   * @return whether something had it
   */
  public boolean unbind(String name) {
    return access.unbind(name);
  }

  // several at once

  /**
   * Makes a call without waiting for it.
   *
   * {@snippet :
   * CompletableFuture<Integer> before = Manager.async(map, m -> m.put("key", 1));
   * }
   *
   * @param <P> what the proxy is
   * @param <R> type of the result
   * @param proxy of an object of any manager
   * @param call makes one call of it, whose result is not known there
   * @return completed with what the method returns or throws. Calls of collections by one thread
   *     happen in the order in which they were made
   * @throws ManagerException if it makes no call, or several
   */
  public static <P, R extends @Nullable Object> CompletableFuture<R> async(
      P proxy, Function<? super P, ? extends R> call) {
    return Access.async(proxy, call);
  }

  /**
   * Makes several calls with one message: one after the other, until one fails.
   *
   * {@snippet :
   * List<Object> results = Manager.batch(() -> { map.put("a", 1); list.add("b"); });
   * }
   *
   * @param calls makes calls of objects of one manager, whose results are not known there
   * @return the results, null where there is none
   * @throws Exception what the first method that fails has thrown; those before it have happened
   */
  public static List<@Nullable Object> batch(Runnable calls) throws Exception {
    return Access.batch(calls);
  }

  // the end

  /**
   * Returns what it holds, and for whom.
   *
   * @return a snapshot
   */
  public ManagerStats stats() {
    return access.stats();
  }

  /**
   * Waits until it ends.
   *
   * @param timeout zero or less does not wait
   * @return false if the time is over before
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean join(Duration timeout) throws InterruptedException {
    return access.join(timeout);
  }

  /**
   * Ends what {@link #start} or {@link #serve} has begun: who started it waits until its process
   * has ended: by itself, as any whose {@code main} returns; after a second by a signal that lets
   * shutdown hooks run; after another one by force. What {@link #connect} has found goes on, and so
   * does the connection, which all proxies in this process share. Idempotent.
   */
  @Override
  public void close() {
    access.close();
  }

  /** Where it listens. */
  @Override
  public String toString() {
    return "Manager[" + access.place() + ']';
  }
}
