package dev.procession.channel;

import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.channel.ReadyWait;
import dev.procession.internal.channel.TravellingEnd;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.socket.Peers;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An end of a {@link Pipe}: sends and receives messages, objects or bytes. A message arrives whole
 * and once, or not at all; messages never merge, and an empty one is a message.
 *
 * <p><b>Travelling.</b> An end travels by any road, also through another connection. Any number of
 * threads and processes may hold the same end; a message goes to one of them. A process that has
 * sent an end away may close its own: until it has arrived, the end counts as held by the process
 * that has sent it; or until nobody can receive the message any more, which that process notices by
 * itself when it waits for a connection, opens or closes one, or one of its children ends.
 *
 * <p><b>The end of the stream.</b> When nobody holds the other end any more, as it was closed
 * everywhere or those who held it have ended, what was sent can still be received; then receiving
 * throws {@link EOFException}, and sending throws {@link PeerClosedException}. So close what you
 * gave away, or you hold both ends yourself. An end that is forgotten is closed when it is
 * collected.
 *
 * <p><b>Memory.</b> What was sent and not yet received is in half a megabyte of shared memory for
 * each direction; sending waits while there is no room. Messages may be longer than that: they pass
 * in fragments, while somebody receives.
 *
 * <p><b>Deaths.</b> A process that is killed while it sends has sent nothing; one that is killed
 * while it receives takes at most the message that it was receiving with it. Others go on, or have
 * the end of the stream, within a second.
 *
 * <p><b>Threads and visibility.</b> Thread-safe. What was done before a message was sent is visible
 * to who has received it. Waiting can be interrupted: a message that was not sent then is not
 * there, and one that was not received stays (but for a long one whose sender stops in the middle
 * of it).
 *
 * <p>After {@link #close}, methods throw {@link IllegalStateException}; so do those that send, or
 * receive, on an end that cannot.
 */
public final class Connection implements AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final transient Endpoint endpoint;

  Connection(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Connects to a {@link Listener} of this program.
   *
   * @param address where it listens
   * @return the connection
   * @throws AuthenticationException if it has another key
   * @throws IOException if nobody listens there, or it does not answer in time
   * @throws InterruptedException if interrupted meanwhile
   */
  public static Connection connect(SocketAddress address) throws IOException, InterruptedException {
    return connect(address, ConnectionOptions.defaults(CALLERS.getCallerClass()));
  }

  /**
   * Connects to a {@link Listener}, or to one of Python's {@code multiprocessing.connection}.
   *
   * @param address where it listens
   * @param options makes the options from the default ones
   * @return the connection
   * @throws AuthenticationException if it has another key
   * @throws IOException if nobody listens there, or it does not answer in time
   * @throws InterruptedException if interrupted meanwhile
   */
  public static Connection connect(SocketAddress address, UnaryOperator<ConnectionOptions> options)
      throws IOException, InterruptedException {
    Class<?> caller = CALLERS.getCallerClass();
    return connect(address, ConnectionOptions.of(caller, options));
  }

  private static Connection connect(SocketAddress address, ConnectionOptions options)
      throws IOException, InterruptedException {
    return new Connection(Peers.connect(address, options.spec()));
  }

  // objects

  /**
   * Sends a copy of an object, waiting while there is no room.
   *
   * @param message not null
   * @throws MessageNotSerializableException if it cannot travel; nothing is sent
   * @throws PeerClosedException if nobody can receive it
   * @throws IOException if it cannot be sent for another reason
   * @throws InterruptedException if interrupted while waiting; nothing is sent
   */
  public void send(Object message) throws IOException, InterruptedException {
    ObjectMessages.send(endpoint, message);
  }

  /**
   * Receives an object, waiting for it.
   *
   * @return a copy of what was sent
   * @throws MessageNotReadableException if it cannot be read here, or is no object; it is received
   * @throws EOFException if there is none, and nobody who could send one
   * @throws IOException if nothing can be received for another reason
   * @throws InterruptedException if interrupted while waiting
   */
  public Object receive() throws IOException, InterruptedException {
    return ObjectMessages.receive(endpoint);
  }

  /**
   * Receives an object of a class, waiting for it.
   *
   * @param <T> what it shall be
   * @param type class of what it shall be
   * @return a copy of what was sent
   * @throws ClassCastException if it is another; it is received
   * @throws MessageNotReadableException if it cannot be read here, or is no object; it is received
   * @throws EOFException if there is none, and nobody who could send one
   * @throws IOException if nothing can be received for another reason
   * @throws InterruptedException if interrupted while waiting
   */
  public <T> T receive(Class<T> type) throws IOException, InterruptedException {
    return type.cast(receive());
  }

  // bytes

  /**
   * Sends bytes as a message.
   *
   * @param message all of it
   * @throws PeerClosedException if nobody can receive it
   * @throws IOException if it cannot be sent for another reason
   * @throws InterruptedException if interrupted while waiting; nothing is sent
   */
  public void sendBytes(byte[] message) throws IOException, InterruptedException {
    endpoint.send(MemorySegment.ofArray(message), List.of());
  }

  /**
   * Sends bytes as a message.
   *
   * @param source of the bytes
   * @param offset of the first
   * @param length how many; may be 0
   * @throws IndexOutOfBoundsException if they are not all in the array; nothing is sent
   * @throws PeerClosedException if nobody can receive it
   * @throws IOException if it cannot be sent for another reason
   * @throws InterruptedException if interrupted while waiting; nothing is sent
   */
  public void sendBytes(byte[] source, int offset, int length)
      throws IOException, InterruptedException {
    Objects.checkFromIndexSize(offset, length, source.length);
    endpoint.send(MemorySegment.ofArray(source).asSlice(offset, length), List.of());
  }

  /**
   * Sends memory as a message: of any length, of any primitive array, on the heap or not.
   *
   * @param message all of it; not to be changed meanwhile
   * @throws PeerClosedException if nobody can receive it
   * @throws IOException if it cannot be sent for another reason
   * @throws InterruptedException if interrupted while waiting; nothing is sent
   */
  public void sendBytes(MemorySegment message) throws IOException, InterruptedException {
    endpoint.send(message, List.of());
  }

  /**
   * Receives a message as bytes, waiting for it.
   *
   * @return the message
   * @throws MessageTooLongException if it is longer than an array can be; it stays
   * @throws EOFException if there is none, and nobody who could send one
   * @throws IOException if nothing can be received for another reason
   * @throws InterruptedException if interrupted while waiting
   */
  public byte[] receiveBytes() throws IOException, InterruptedException {
    return receiveBytes(Endpoint.LONGEST_ARRAY);
  }

  /**
   * Receives a message as bytes, if it is not too long, waiting for it.
   *
   * @param most bytes that it may have
   * @return the message
   * @throws IllegalArgumentException if the most is negative
   * @throws MessageTooLongException if it has more; it stays
   * @throws EOFException if there is none, and nobody who could send one
   * @throws IOException if nothing can be received for another reason
   * @throws InterruptedException if interrupted while waiting
   */
  public byte[] receiveBytes(int most) throws IOException, InterruptedException {
    if (most < 0) {
      throw new IllegalArgumentException("negative: most=" + most);
    }
    Received received = new Received(null, Math.min(most, Endpoint.LONGEST_ARRAY));
    endpoint.receive(received);
    return received.array();
  }

  /**
   * Receives a message into an array, waiting for it.
   *
   * @param target of the bytes
   * @param offset of the first
   * @return how many there are
   * @throws IndexOutOfBoundsException if the offset is not in the array, or at its end
   * @throws MessageTooLongException if there is no room for it in the array; with the message,
   *     which is received
   * @throws EOFException if there is none, and nobody who could send one
   * @throws IOException if nothing can be received for another reason
   * @throws InterruptedException if interrupted while waiting
   */
  public int receiveBytesInto(byte[] target, int offset) throws IOException, InterruptedException {
    Objects.checkFromToIndex(offset, target.length, target.length);
    return (int) receiveBytesInto(MemorySegment.ofArray(target).asSlice(offset));
  }

  /**
   * Receives a message into memory, waiting for it.
   *
   * @param target of the bytes; not to be used meanwhile
   * @return how many there are
   * @throws MessageTooLongException if there is no room for it; with the message, which is received
   *     unless it is longer than an array can be
   * @throws EOFException if there is none, and nobody who could send one
   * @throws IOException if nothing can be received for another reason
   * @throws InterruptedException if interrupted while waiting
   */
  public long receiveBytesInto(MemorySegment target) throws IOException, InterruptedException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target is read-only");
    }
    Received received = new Received(target, Endpoint.LONGEST_ARRAY);
    endpoint.receive(received);
    return received.length(target.byteSize());
  }

  /** A message of bytes that arrives: in the target if it fits there, else in a new array. */
  private static final class Received implements Endpoint.Target {
    private final @Nullable MemorySegment target;
    private final int most;
    private byte @Nullable [] array;
    private long length;

    /**
     * @param most bytes of a new array
     */
    Received(@Nullable MemorySegment target, int most) {
      this.target = target;
      this.most = most;
    }

    @Override
    public MemorySegment allocate(long messageLength) throws MessageTooLongException {
      length = messageLength;
      array = null;
      if (target != null && length <= target.byteSize()) {
        return target;
      }
      if (length > most) {
        throw new MessageTooLongException(length, most, null);
      }
      byte[] made = new byte[(int) length];
      array = made;
      return MemorySegment.ofArray(made);
    }

    byte[] array() {
      return Objects.requireNonNull(array);
    }

    long length(long room) throws MessageTooLongException {
      if (array != null) {
        throw new MessageTooLongException(length, room, array);
      }
      return length;
    }
  }

  // waiting

  /**
   * Whether receiving would not wait now: a message is there, or the end of the stream.
   *
   * @return true if so, though another thread or process may receive it first
   */
  public boolean poll() {
    try {
      return endpoint.poll(Deadline.in(0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Waits until receiving would not wait: a message is there, or the end of the stream.
   *
   * @param timeout zero or less does not wait
   * @return false if the time is over before
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean poll(Duration timeout) throws InterruptedException {
    return endpoint.poll(Deadline.after(timeout));
  }

  /**
   * Waits until something of several is ready: a connection from which receiving would not wait; a
   * {@link dev.procession.ChildProcess} that has ended; a future that is done.
   *
   * {@snippet :
   * for (Object ready : Connection.waitAny(List.of(connection, child), Duration.ofSeconds(10))) {
   *   if (ready instanceof Connection c) { IO.println(c.receive()); }
   * }
   * }
   *
   * @param <T> what they are
   * @param awaited connections, child processes and {@link java.util.concurrent.CompletableFuture
   *     futures}; if there are none, the time is waited out
   * @param timeout zero or less does not wait
   * @return those that are ready, in the order in which they were given; none if the time is over
   * @throws IllegalArgumentException if there is something else
   * @throws IllegalStateException if a connection is closed, or cannot receive
   * @throws InterruptedException if interrupted while waiting
   */
  public static <T> List<T> waitAny(Collection<? extends T> awaited, Duration timeout)
      throws InterruptedException {
    return ReadyWait.any(awaited, Connection::source, Deadline.after(timeout));
  }

  private static ReadyWait.@Nullable Source source(Object awaited) {
    return awaited instanceof Connection connection
        ? new ReadyWait.OfEndpoint(connection.endpoint)
        : null;
  }

  // the end

  /**
   * Whether it can receive.
   *
   * @return false for the second end of a one-way pipe
   */
  public boolean isReadable() {
    return endpoint.isReadable();
  }

  /**
   * Whether it can send.
   *
   * @return false for the first end of a one-way pipe
   */
  public boolean isWritable() {
    return endpoint.isWritable();
  }

  /**
   * Whether it is closed.
   *
   * @return true after {@link #close} of this object, whoever else holds the end
   */
  public boolean isClosed() {
    return endpoint.isClosed();
  }

  /** Closes it; threads that wait here get the {@link IllegalStateException}. Idempotent. */
  @Override
  public void close() {
    endpoint.close();
  }

  /** What it is an end of, and whether it is closed. */
  @Override
  public String toString() {
    return "Connection[" + endpoint + (isClosed() ? ", closed]" : "]");
  }

  /** {@return what travels} */
  @Serial
  private Object writeReplace() {
    return new Handle(new TravellingEnd(endpoint));
  }

  private record Handle(TravellingEnd travelling) implements Serializable {
    @Serial
    private Object readResolve() {
      return new Connection(travelling.end());
    }
  }
}
