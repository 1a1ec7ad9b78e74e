package dev.procession.internal.manager;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.ProcessOptions;
import dev.procession.ProcessStartException;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.channel.PipeEnd;
import dev.procession.internal.channel.SharedPipe;
import dev.procession.internal.channel.TravellingEnd;
import dev.procession.internal.os.FailureText;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.socket.SocketSpec;
import dev.procession.manager.ManagerException;
import dev.procession.manager.ManagerStats;
import dev.procession.manager.ServedBarrier;
import dev.procession.manager.ServedEvent;
import dev.procession.manager.ServedList;
import dev.procession.manager.ServedMap;
import dev.procession.manager.ServedQueue;
import dev.procession.manager.ServedSemaphore;
import dev.procession.manager.ServedSet;
import dev.procession.manager.ServedValue;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A manager as somebody uses it: of a process of its own, of this process, or another's. */
public final class Access implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Home home;
  private final Root root;
  private final @Nullable Server server;
  private final @Nullable ChildProcess<?> process;

  private Access(Home home, @Nullable Server server, @Nullable ChildProcess<?> process) {
    this.home = home;
    this.root = RootCalls.root(home);
    this.server = server;
    this.process = process;
  }

  /** Starts a process that serves. */
  public static Access start(
      UnaryOperator<ProcessOptions> options, SerializableRunnable initializer) {
    SharedPipe pipe = SharedPipe.create(true);
    PipeEnd mine = new PipeEnd(pipe, 0);
    ChildProcess<?> process;
    try (PipeEnd its = new PipeEnd(pipe, 1)) {
      process =
          ChildProcess.start(
              o -> options.apply(o.withName("manager").withDaemon(true)),
              new Serve(new TravellingEnd(its), initializer));
    }
    boolean connected = false;
    try {
      Access access = new Access(Homes.add(link(mine, process)), null, process);
      connected = true;
      return access;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessStartException("interrupted while a manager started", e);
    } finally {
      if (!connected) {
        process.kill();
      }
    }
  }

  private static Link link(PipeEnd end, ChildProcess<?> process) throws InterruptedException {
    try {
      return Link.over(end, Serve.spec());
    } catch (IOException e) {
      boolean _ = process.join(GRACE); // it knows better why
      Throwable why = process.failure().orElse(e);
      throw new ProcessStartException(
          "manager does not start: " + FailureText.description(why), why);
    }
  }

  /** Serves in this process. */
  public static Access serve(SocketAddress address, SocketSpec spec) throws IOException {
    Server server = Server.open(address, spec);
    return new Access(server.home(), server, null);
  }

  /** Uses what another process serves. */
  public static Access connect(SocketAddress address, SocketSpec spec)
      throws IOException, InterruptedException {
    return new Access(Homes.connect(address, spec), null, null);
  }

  public SocketAddress address() {
    return Places.address(home.place());
  }

  public String place() {
    return home.place();
  }

  // what it serves

  @SuppressWarnings("unchecked")
  public <K, V> ServedMap<K, V> map() {
    return (ServedMap<K, V>) root.open(Kind.MAP);
  }

  @SuppressWarnings("unchecked")
  public <E extends @Nullable Object> ServedList<E> list() {
    return (ServedList<E>) root.open(Kind.LIST);
  }

  @SuppressWarnings("unchecked")
  public <E extends @Nullable Object> ServedList<E> array(Class<E> type, int size) {
    return (ServedList<E>) root.open(Kind.LIST, type, size);
  }

  @SuppressWarnings("unchecked")
  public <E extends @Nullable Object> ServedSet<E> set() {
    return (ServedSet<E>) root.open(Kind.SET);
  }

  @SuppressWarnings("unchecked")
  public <T extends @Nullable Object> ServedValue<T> value(T initial) {
    return (ServedValue<T>) root.open(Kind.VALUE, (Object) initial);
  }

  @SuppressWarnings("unchecked")
  public <E> ServedQueue<E> queue(int capacity) {
    return (ServedQueue<E>) root.open(Kind.QUEUE, capacity);
  }

  public Lock lock(boolean reentrant) {
    return (Lock) root.open(Kind.LOCK, reentrant);
  }

  public ServedSemaphore semaphore(int permits) {
    return (ServedSemaphore) root.open(Kind.SEMAPHORE, permits);
  }

  public ServedSemaphore boundedSemaphore(int permits) {
    return (ServedSemaphore) root.open(Kind.SEMAPHORE, permits, true);
  }

  public ServedEvent event() {
    return (ServedEvent) root.open(Kind.EVENT);
  }

  public ServedBarrier barrier(int parties) {
    return (ServedBarrier) root.open(Kind.BARRIER, parties);
  }

  public Pool pool(int workers) {
    return (Pool) root.open(Kind.POOL, workers);
  }

  public <T> T create(
      Class<T> type,
      SerializableCallable<? extends T> factory,
      Set<String> methods,
      Set<String> proxied)
      throws Exception {
    return type.cast(root.create(type, factory, methods, proxied));
  }

  /** Makes a namespace with the attributes of an interface. */
  public <T> T namespace(Class<T> type) throws Exception {
    Attributes.check(type);
    return create(type, new Attributes.Factory<>(type), Set.of(), Set.of());
  }

  // names

  public void bind(String name, Object proxy) {
    root.bind(name, proxy);
  }

  public @Nullable Object lookup(String name) {
    return root.lookup(name);
  }

  public boolean unbind(String name) {
    return root.unbind(name);
  }

  // several at once

  @SuppressWarnings("unchecked") // as the method's result is what the code would return
  public static <P, R extends @Nullable Object> CompletableFuture<R> async(
      P proxy, Function<? super P, ? extends R> code) {
    Recorder.Recorded call = Recorder.only(Recorder.during(code, proxy));
    Remote remote = call.remote();
    try {
      return (CompletableFuture<R>)
          remote.home().callLater(remote.id(), call.method(), call.arguments());
    } finally {
      Reference.reachabilityFence(remote); // nobody else may hold it until the call is sent
    }
  }

  public static List<@Nullable Object> batch(Runnable code) throws Exception {
    List<Recorder.Recorded> calls =
        Recorder.during(
            its -> {
              its.run();
              return true;
            },
            code);
    if (calls.isEmpty()) {
      return List.of();
    }
    Home home = calls.getFirst().remote().home();
    if (calls.stream().anyMatch(call -> !call.remote().home().equals(home))) {
      throw new ManagerException("calls of one batch are of several managers", null);
    }
    Object[] forms =
        calls.stream()
            .map(
                call ->
                    new Object[] {
                      call.remote().id(), Signatures.key(call.method()), call.arguments()
                    })
            .toArray();
    try {
      return Arrays.asList(RootCalls.root(home).batch(forms));
    } finally {
      Reference.reachabilityFence(calls); // the objects live until the calls are over
    }
  }

  // the end

  public ManagerStats stats() {
    return root.stats();
  }

  public boolean join(Duration timeout) throws InterruptedException {
    if (process != null) {
      return process.join(timeout);
    }
    return home instanceof LocalHome local
        ? local.server().await(timeout)
        : ((Link) home).await(timeout);
  }

  /** Ends it, if it was begun here: by asking, then by a signal, then by force. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    if (process != null) {
      askToEnd();
      if (home instanceof Link link) {
        link.close();
      }
      end(process);
    }
  }

  /** Others may be sending just now, to a process that does not listen: does not wait for long. */
  private void askToEnd() {
    try {
      Object _ =
          SystemThreads.submit(() -> RootCalls.end(home))
              .get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // as a second wait shall hear
    } catch (ExecutionException | TimeoutException e) {
      return; // it will be made to end
    }
  }

  private static void end(ChildProcess<?> process) {
    try {
      if (!process.join(GRACE)) {
        process.terminate();
      }
      if (!process.join(GRACE)) {
        process.kill();
        boolean _ = process.join(GRACE);
      }
    } catch (InterruptedException e) {
      process.kill();
      Thread.currentThread().interrupt();
    }
  }
}
