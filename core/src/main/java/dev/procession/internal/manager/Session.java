package dev.procession.internal.manager;

import dev.procession.channel.MessageNotReadableException;
import dev.procession.channel.MessageNotSerializableException;
import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.os.SystemThreads;
import dev.procession.manager.ManagerException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of the connection to a client. One thread reads; it makes calls that neither wait
 * nor run code of users itself, in order, and gives all others to threads of their own.
 */
final class Session implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.procession");

  private final Server server;
  private final Endpoint endpoint;
  private final Client client = new Client("unknown", -1);

  /** Calls in threads of their own, by number. */
  private final Map<Long, Running> running = new ConcurrentHashMap<>();

  /** A call in a thread of its own. */
  @SuppressWarnings("Interruption") // whose client has cancelled it, or is gone
  private static final class Running {
    private @Nullable Thread thread;
    private boolean cancelled;

    synchronized void begin() {
      thread = Thread.currentThread();
      if (cancelled) {
        thread.interrupt();
      }
    }

    synchronized void cancel() {
      cancelled = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** From now on it is not interrupted any more. */
    synchronized void end() {
      thread = null;
      boolean _ = Thread.interrupted();
    }
  }

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
      while (true) {
        handle(Link.receive(endpoint));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "client of a manager is gone: " + client, e);
    } finally {
      close();
      running.values().forEach(Running::cancel);
      server.left(client);
    }
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
      make(call);
      return;
    }
    Running its = new Running();
    running.put(call.number(), its);
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
        synchronized (call.object().target()) { // until what it returns is encoded
          result = caller.calls(() -> server.invoke(call.object(), call.method(), arguments));
          answer = value(call.number(), result);
        }
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
    } catch (ManagerException e) {
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
    }
  }

  private void fail(long number, Throwable failure) {
    FailureForm form = FailureForm.of(failure, CurrentClasses.get());
    boolean _ =
        send(ObjectMessages.prepare(endpoint, Packet.numbered(Packet.FAILURE, number), form, this));
  }

  /** Sends it; false if the client is gone. */
  private static boolean send(ObjectMessages.Prepared answer) {
    boolean interrupted = false;
    try (answer) {
      while (true) {
        try {
          answer.send();
          return true;
        } catch (InterruptedException e) {
          interrupted = true; // by a client that has cancelled, and waits for this
        }
      }
    } catch (IOException | IllegalStateException e) {
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
