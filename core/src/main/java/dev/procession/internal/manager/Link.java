package dev.procession.internal.manager;

import dev.procession.RemoteException;
import dev.procession.channel.MessageNotReadableException;
import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.socket.Peers;
import dev.procession.internal.socket.SocketSpec;
import dev.procession.manager.ManagerClosedException;
import dev.procession.manager.ManagerException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This process's connection to a server: one for all threads. Answers are read by one of the
 * threads that wait for theirs, which hands those of others over, so that mostly no thread has to
 * be woken; while calls are under way that nobody waits for, by a thread of the link's own.
 * Thread-safe.
 */
final class Link implements Home, AutoCloseable {
  private static final Deadline NOW = Deadline.in(0);

  private static final Duration LOOK = Duration.ofMillis(50);

  /**
   * How often who cannot read lets others run before it sleeps. With more threads than processors
   * its answer is there when it runs again, and nobody has to wake it.
   */
  private static final int YIELDS = 4;

  private final Endpoint endpoint;
  private final String serverId;
  private final String place;
  private final Admission admission;

  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final Remotes remotes = new Remotes(this);

  /** Owned by who reads. */
  private final ReentrantLock reading = new ReentrantLock();

  /** Calls that nobody waits for. */
  private final AtomicInteger unawaited = new AtomicInteger();

  private final AtomicBoolean hasReader = new AtomicBoolean();
  private volatile @Nullable ManagerClosedException end;

  /** A call that is not answered yet. */
  private final class Pending {
    private final long number = numbers.incrementAndGet();

    /** Who waits for it, or null. */
    private final @Nullable Thread waiter;

    private final @Nullable CompletableFuture<@Nullable Object> future;

    /** What was passed, which is held until it has arrived. */
    @SuppressWarnings("UnusedVariable")
    private final Object passed;

    private byte @Nullable [] answer;
    private @Nullable Object value;
    private volatile boolean done;

    /** Whether the waiter would read if it were woken: it has sent the call. */
    private volatile boolean awaited;

    Pending(
        @Nullable Thread waiter,
        @Nullable CompletableFuture<@Nullable Object> future,
        Object passed) {
      this.waiter = waiter;
      this.future = future;
      this.passed = passed;
    }

    /** It is answered, or never will be. */
    void finish(byte @Nullable [] theAnswer) {
      answer = theAnswer;
      done = true;
      if (waiter != null) {
        LockSupport.unpark(waiter);
      }
      if (future != null) {
        unawaited.decrementAndGet();
        Thread.ofVirtual().start(() -> complete(future));
      }
    }

    private void complete(CompletableFuture<@Nullable Object> its) {
      Throwable failure = failure();
      if (failure == null) {
        its.complete(value());
      } else {
        its.completeExceptionally(failure);
      }
    }

    /** What the method has thrown, or kept the call from being made; null if nothing. */
    @Nullable Throwable failure() {
      byte[] bytes = answer;
      if (bytes == null) {
        return gone();
      }
      try {
        Object decoded = ObjectMessages.decode(bytes, 1 + Long.BYTES, endpoint.filter());
        if (bytes[0] == Packet.VALUE) {
          value = ((@Nullable Object[]) decoded)[0];
          return null;
        }
        return thrown((FailureForm) decoded, waiter != null);
      } catch (MessageNotReadableException e) {
        return new ManagerException("result cannot be read here: " + e.getMessage(), e);
      }
    }

    /** What the method has returned, if it has not failed. */
    @Nullable Object value() {
      return value;
    }
  }

  private Link(Endpoint endpoint, String serverId, String place, Admission admission) {
    this.endpoint = endpoint;
    this.serverId = serverId;
    this.place = place;
    this.admission = admission;
  }

  /**
   * Connects.
   *
   * @throws IOException if nobody is there, has another key, or speaks another protocol
   */
  static Link connect(SocketAddress address, SocketSpec spec)
      throws IOException, InterruptedException {
    Endpoint endpoint = Peers.connect(address, spec);
    return greeted(endpoint, Places.of(address), spec);
  }

  /**
   * Uses a connection that there is.
   *
   * @throws IOException if no manager is at its other end, or not in time
   */
  static Link over(Endpoint endpoint, SocketSpec spec) throws IOException, InterruptedException {
    return greeted(endpoint, null, spec);
  }

  /**
   * @param place where it was found, or null if it is to say that itself
   */
  private static Link greeted(Endpoint endpoint, @Nullable String place, SocketSpec spec)
      throws IOException, InterruptedException {
    boolean done = false;
    try {
      if (!endpoint.poll(Deadline.after(spec.handshake()))) {
        throw new IOException("no manager says hello in time: " + endpoint);
      }
      Packet.Greeting greeting = Packet.greeting(endpoint.receiveBytes());
      String where = place == null ? greeting.place() : place;
      Link link = new Link(endpoint, greeting.serverId(), where, Admission.there(spec));
      RootCalls.introduce(link);
      done = true;
      return link;
    } finally {
      if (!done) {
        endpoint.close();
      }
    }
  }

  @Override
  public String serverId() {
    return serverId;
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public Admission admission() {
    return admission;
  }

  @Override
  public Remote remote(long object, boolean granted) {
    return remotes.get(object, granted);
  }

  @Override
  public void forget(long object) {
    remotes.forget(object);
  }

  // calling

  @Override
  public @Nullable Object call(long object, Method method, @Nullable Object[] arguments)
      throws Throwable {
    Session.mayWait();
    boolean interruptible = Signatures.of(method).isInterruptible();
    if (interruptible && Thread.interrupted()) {
      throw new InterruptedException(); // also if it would not have to wait
    }
    Pending call = new Pending(Thread.currentThread(), null, arguments);
    send(call, object, method, arguments, interruptible);
    await(call, interruptible);
    Throwable failure = call.failure();
    if (failure == null) {
      return call.value();
    }
    if (failure instanceof InterruptedException) {
      boolean _ = Thread.interrupted(); // the exception says it
    }
    throw failure;
  }

  @Override
  public CompletableFuture<@Nullable Object> callLater(
      long object, Method method, @Nullable Object[] arguments) {
    CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    Pending call = new Pending(null, future, arguments);
    unawaited.incrementAndGet();
    boolean sent = false;
    try {
      send(call, object, method, arguments, false);
      sent = true;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted where nobody can be", e);
    } finally {
      if (!sent) {
        unawaited.decrementAndGet();
      }
    }
    if (hasReader.compareAndSet(false, true)) {
      SystemThreads.run(this::readUnawaited);
    }
    return future;
  }

  private void send(
      Pending call, long object, Method method, @Nullable Object[] arguments, boolean interruptible)
      throws InterruptedException {
    pending.put(call.number, call);
    boolean sent = false;
    try {
      if (end != null) {
        throw gone();
      }
      long thread = Thread.currentThread().threadId();
      byte[] head = Packet.call(call.number, object, thread, Signatures.of(method).key());
      send(head, arguments, interruptible);
      sent = true;
    } catch (IllegalStateException e) {
      if (!endpoint.isClosed()) {
        throw e; // by what was to be passed
      }
      close(e);
      throw gone();
    } catch (IOException e) {
      close(e);
      throw gone();
    } finally {
      if (!sent) {
        pending.remove(call.number);
      }
    }
  }

  /** Sends it; who cannot be interrupted stays so until it is sent. */
  private void send(byte[] head, @Nullable Object[] arguments, boolean interruptible)
      throws IOException, InterruptedException {
    try (var message = ObjectMessages.prepare(endpoint, head, arguments, this)) {
      if (interruptible) {
        message.send();
      } else {
        message.sendAnyway();
      }
    }
  }

  /** Waits until a call is answered, reading answers if nobody else does. */
  @SuppressWarnings("ThreadPriorityCheck") // it only helps, as said at YIELDS
  private void await(Pending call, boolean interruptible) {
    boolean interrupted = false;
    boolean cancelled = false;
    int yields = YIELDS;
    call.awaited = true;
    while (!call.done) {
      if (Thread.interrupted()) {
        interrupted = true;
      }
      if (interrupted && interruptible && !cancelled) {
        cancelled = true;
        cancel(call); // and hear what came of it: it may have been done
      }
      if (reading.tryLock()) {
        try {
          interrupted |= readUntil(call);
        } finally {
          reading.unlock();
          wakeAnother();
        }
      } else if (yields > 0) {
        yields--;
        Thread.yield();
      } else if (!call.done) {
        LockSupport.park(this);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads answers until a call is done; whether it was interrupted before. */
  private boolean readUntil(Pending call) {
    try {
      while (!call.done) {
        read();
      }
      while (!pending.isEmpty() && endpoint.poll(NOW)) {
        read(); // what is there already, or another would have to be woken for it
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    } catch (IOException | RuntimeException e) {
      close(e);
      return false;
    }
  }

  private void read() throws IOException, InterruptedException {
    byte[] answer = endpoint.receiveBytes();
    if (answer.length <= Long.BYTES) {
      throw new IOException("manager sends what is no answer: length=" + answer.length);
    }
    long number = ByteBuffer.wrap(answer).getLong(1);
    Pending call = pending.remove(number);
    if (call != null) {
      call.finish(answer);
    }
  }

  /** One of those who wait reads from now on. */
  private void wakeAnother() {
    for (Pending other : pending.values()) {
      if (other.awaited && !other.done) { // whoever still sends may not get to read
        LockSupport.unpark(other.waiter);
        return;
      }
    }
  }

  /** Reads while there are calls that nobody waits for. */
  private void readUnawaited() {
    while (true) {
      reading.lock();
      try {
        while (unawaited.get() > 0 && end == null) {
          read();
        }
      } catch (InterruptedException e) {
        continue; // nobody interrupts this thread on purpose
      } catch (IOException | RuntimeException e) {
        close(e);
      } finally {
        reading.unlock();
        wakeAnother();
      }
      hasReader.set(false);
      boolean more = unawaited.get() > 0 && end == null;
      if (!more || !hasReader.compareAndSet(false, true)) {
        return;
      }
    }
  }

  /** Tells the server; being interrupted once more makes no difference. */
  private void cancel(Pending call) {
    MemorySegment packet = MemorySegment.ofArray(Packet.numbered(Packet.CANCEL, call.number));
    boolean sent = false;
    while (!sent) {
      try {
        endpoint.send(packet, List.of());
        sent = true;
      } catch (InterruptedException e) {
        sent = false; // nothing is, so far
      } catch (IOException | IllegalStateException e) {
        close(e);
        return;
      }
    }
  }

  /** Notices that the server is gone, if nobody reads who would. */
  void look() {
    if (!reading.tryLock()) {
      return;
    }
    try {
      while (end == null && endpoint.poll(NOW)) {
        read();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      close(e);
    } finally {
      reading.unlock();
      wakeAnother();
    }
  }

  /** What a method has thrown, with both traces. */
  private Throwable thrown(FailureForm form, boolean here) {
    Throwable failure = form.rebuild(CurrentClasses.get(), endpoint.filter());
    if (failure == null) {
      return new RemoteException(form.type(), form.message(), form.trace());
    }
    if (here) {
      Traces.join(failure, "called in this process by");
    }
    return failure;
  }

  // the end

  private ManagerClosedException gone() {
    ManagerClosedException why = end;
    Throwable cause = why == null ? null : why.getCause();
    return new ManagerClosedException("manager is closed or gone: address=" + place, cause);
  }

  /** Waits until it is closed; false if it is not in time. */
  boolean await(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    look();
    while (end == null && !deadline.isOver()) {
      Thread.sleep(Duration.ofNanos(Math.min(deadline.left(), LOOK.toNanos())));
      look();
    }
    return end != null;
  }

  boolean isClosed() {
    return end != null;
  }

  private synchronized void close(@Nullable Throwable cause) {
    if (end == null) {
      end = new ManagerClosedException("manager is closed or gone: address=" + place, cause);
    }
    Homes.remove(this);
    endpoint.close();
    for (Long number : List.copyOf(pending.keySet())) {
      Pending call = pending.remove(number);
      if (call != null) {
        call.finish(null);
      }
    }
  }

  @Override
  public void close() {
    close(null);
  }
}
