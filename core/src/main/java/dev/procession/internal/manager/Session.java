package dev.procession.internal.manager;

import dev.procession.channel.MessageNotReadableException;
import dev.procession.channel.MessageNotSerializableException;
import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.channel.Road;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.logging.Log;
import dev.procession.internal.os.SystemThreads;
import dev.procession.manager.ManagerException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of the connection to a client. One thread reads; it makes calls that neither wait
 * nor run code of users itself, in order, and gives all others to threads of their own. When such a
 * call has to wait after all, for who calls the same object, or for another manager, somebody else
 * reads from then on.
 */
final class Session implements AutoCloseable {
  private final Server server;
  private final Endpoint endpoint;
  private final Client client = new Client("unknown", -1);

  /** Calls in threads of their own, by number. */
  private final Map<Long, Running> running = new ConcurrentHashMap<>();

  /**
   * Calls behind one that waits although it looked quick, by the thread that has made them all.
   * Guarded by itself.
   */
  private final Map<Long, Queue<Runnable>> behind = new HashMap<>();

  /** Of whoever reads: the thread whose call it makes. */
  private long caller;

  /** The session for which a thread reads. */
  private static final ThreadLocal<@Nullable Session> READS_FOR = new ThreadLocal<>();

  /** A call as it has come. */
  private record Call(
      long number, ServedObject object, long thread, Method method, byte[] packet, int from) {}

  Session(Server server, Endpoint endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  Client client() {
    return client;
  }

  /** Serves the client until it is gone. */
  void run() {
    try {
      endpoint.send(
          MemorySegment.ofArray(Packet.hello(server.id(), Places.of(server.address()))), List.of());
    } catch (IOException | InterruptedException | RuntimeException e) {
      close(); // which reading sees at once
    }
    read();
  }

  /** Reads until the client is gone, or this thread waits for something else. */
  private void read() {
    READS_FOR.set(this);
    try {
      while (isReading()) {
        handle(endpoint.receiveBytes());
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      Log.debug("client of a manager is gone: " + client, e);
      close();
    } finally {
      if (READS_FOR.get() == this) {
        READS_FOR.remove();
        end();
      }
    }
  }

  private void end() {
    close();
    running.values().forEach(Running::cancel);
    server.left(client);
  }

  /** Whether this thread reads for a session. */
  static boolean isReading() {
    return READS_FOR.get() != null;
  }

  /** This thread is going to wait: if it reads for a session, another does from now on. */
  static void mayWait() {
    Session session = READS_FOR.get();
    if (session != null) {
      READS_FOR.remove();
      session.readElsewhere();
    }
  }

  private void readElsewhere() {
    synchronized (behind) {
      behind.put(caller, new ArrayDeque<>());
    }
    SystemThreads.run(this::read);
  }

  private void handle(byte[] packet) throws IOException {
    if (packet.length == 0) {
      throw new IOException("empty packet");
    }
    ByteBuffer bytes = ByteBuffer.wrap(packet, 1, packet.length - 1);
    switch (packet[0]) {
      case Packet.CALL -> {
        long number = bytes.getLong();
        try {
          handle(call(number, bytes, packet));
        } catch (ManagerException e) {
          fail(number, e);
        }
      }
      case Packet.CANCEL -> {
        Running found = running.get(bytes.getLong());
        if (found != null) {
          found.cancel();
        }
      }
      default -> throw new IOException("no such packet: kind=" + packet[0]);
    }
  }

  private Call call(long number, ByteBuffer bytes, byte[] packet) {
    long object = bytes.getLong();
    long thread = bytes.getLong();
    int length = bytes.getShort();
    String key = new String(packet, bytes.position(), length, StandardCharsets.UTF_8);
    ServedObject found = server.find(object);
    Method method = Signatures.require(found.type(), key);
    return new Call(number, found, thread, method, packet, bytes.position() + length);
  }

  private void handle(Call call) {
    client.calls.incrementAndGet();
    if (call.object().kind().isQuick(call.method())) {
      if (!isBehind(call, () -> make(call))) {
        makeHere(call);
      }
      return;
    }
    Running its = new Running();
    running.put(call.number(), its);
    if (!isBehind(call, () -> begin(call, its))) {
      begin(call, its);
    }
  }

  /** Whether it has to wait for another of its thread, after which it is made. */
  private boolean isBehind(Call call, Runnable step) {
    synchronized (behind) {
      Queue<Runnable> others = behind.get(call.thread());
      return others != null && others.add(step);
    }
  }

  private void makeHere(Call call) {
    caller = call.thread();
    try {
      make(call);
    } finally {
      if (!isReading()) {
        makeThoseBehind(call);
      }
    }
  }

  private void makeThoseBehind(Call call) {
    while (true) {
      Runnable next;
      synchronized (behind) {
        Queue<Runnable> others = behind.get(call.thread());
        next = others == null ? null : others.poll();
        if (next == null) {
          behind.remove(call.thread());
          return;
        }
      }
      next.run();
    }
  }

  private void begin(Call call, Running its) {
    SystemThreads.run(
        () -> {
          its.begin();
          try {
            make(call);
          } finally {
            its.end();
            running.remove(call.number());
          }
        });
  }

  private void make(Call call) {
    ObjectMessages.Prepared answer;
    Object result = null;
    try {
      @Nullable Object[] arguments = arguments(call);
      Caller caller = new Caller(client, call.thread());
      if (call.object().kind().isGuarded()) {
        answer = // until what it returns is encoded
            call.object()
                .alone(
                    () ->
                        value(
                            call.number(),
                            caller.calls(
                                () -> server.invoke(call.object(), call.method(), arguments))));
      } else {
        result = caller.calls(() -> server.invoke(call.object(), call.method(), arguments));
        if (result instanceof CompletionStage<?> stage) {
          answerLater(call, stage);
          return;
        }
        answer = value(call.number(), result);
      }
    } catch (Throwable e) {
      client.calls.decrementAndGet();
      fail(call.number(), e);
      return;
    }
    client.calls.decrementAndGet();
    if (!send(answer) && call.object().target() instanceof Servant servant) {
      servant.undelivered(call.method(), result);
    }
  }

  private void answerLater(Call call, CompletionStage<?> stage) {
    var _ =
        stage.whenComplete(
            (value, failure) -> {
              client.calls.decrementAndGet();
              if (failure != null) {
                fail(call.number(), failure);
              } else {
                answer(call.number(), value);
              }
            });
  }

  private void answer(long number, @Nullable Object value) {
    try {
      boolean _ = send(value(number, value));
    } catch (RuntimeException | Error e) { // of an object of users that is encoded, too
      fail(number, e);
    }
  }

  private @Nullable Object[] arguments(Call call) {
    try {
      return (@Nullable Object[])
          ObjectMessages.decode(call.packet(), call.from(), endpoint.filter());
    } catch (MessageNotReadableException e) {
      throw new ManagerException("call cannot be read by the manager: " + e.getMessage(), e);
    }
  }

  private ObjectMessages.Prepared value(long number, @Nullable Object result) {
    try {
      return ObjectMessages.prepare(
          endpoint, Packet.numbered(Packet.VALUE, number), new @Nullable Object[] {result}, this);
    } catch (MessageNotSerializableException e) {
      throw new ManagerException("result of a call cannot travel: " + e.getMessage(), e);
    } finally {
      Departing.end(result);
    }
  }

  private void fail(long number, Throwable failure) {
    FailureForm form = Road.to(this, () -> FailureForm.of(failure, CurrentClasses.get()));
    boolean _ =
        send(ObjectMessages.prepare(endpoint, Packet.numbered(Packet.FAILURE, number), form, this));
  }

  /** Sends it; false if the client is gone. */
  private static boolean send(ObjectMessages.Prepared answer) {
    try (answer) {
      answer.sendAnyway(); // a client that has cancelled waits for it
      return true;
    } catch (IOException | IllegalStateException e) {
      return false;
    }
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
