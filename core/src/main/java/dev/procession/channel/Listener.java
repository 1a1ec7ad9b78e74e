package dev.procession.channel;

import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.socket.Door;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where processes that are no relatives meet, on this machine or another: it accepts {@linkplain
 * Connection connections}.
 *
 * {@snippet :
 * try (var listener = Listener.open(new InetSocketAddress("localhost", 6000), o -> o.withKey(key));
 *     var connection = listener.accept()) {
 *   connection.send(connection.receive(String.class).toUpperCase());
 * }
 * // elsewhere
 * try (var connection =
 *     Connection.connect(new InetSocketAddress("localhost", 6000), o -> o.withKey(key))) {
 *   connection.send("hello");
 *   IO.println(connection.receive());
 * }
 * }
 *
 * <p><b>Addresses.</b> Their class says what they are: {@link InetSocketAddress} TCP, where port 0
 * means any that is free; {@link UnixDomainSocketAddress} a socket file, which is removed when the
 * listener is closed, and replaced if a process that was killed has left it; {@link
 * SharedMemoryAddress} shared memory of this machine, the fastest.
 *
 * <p><b>Security.</b> Before anything is decoded, both sides show that they have the same key,
 * which is not sent: the handshake is that of Python's {@code multiprocessing.connection} from 3.12
 * on, with HMAC-SHA-256, so that its {@code Client} can connect and exchange bytes. What is decoded
 * then is made of what {@link ConnectionOptions} allow. The key says who a peer is, and no more:
 * who can read or change what passes over the network is kept out by {@linkplain
 * ConnectionOptions#withTls TLS}.
 *
 * <p><b>Bad peers.</b> Who has another key, speaks another protocol, sends too much, or too slowly,
 * is dropped within the {@linkplain ConnectionOptions#withHandshakeTimeout timeout} and logged by
 * the {@link System.Logger} {@code dev.procession} at the level {@code DEBUG}; it delays nobody,
 * unless 512 do so at a time.
 *
 * <p>Thread-safe; a daemon thread accepts, and each peer has one until it has shown its key.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 128;

  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Door door;

  private Listener(Door door) {
    this.door = door;
  }

  /**
   * Opens a listener for processes of this program, at an address of its own, on shared memory.
   *
   * @return the listener
   * @throws IOException if there is no room for the address
   */
  public static Listener open() throws IOException {
    return open(
        Door.privateAddress(), BACKLOG, ConnectionOptions.defaults(CALLERS.getCallerClass()));
  }

  /**
   * Opens a listener for processes of this program.
   *
   * @param address where
   * @return the listener
   * @throws IllegalArgumentException if it is none of the kinds above
   * @throws IOException if the address cannot be had, as it is somebody else's
   */
  public static Listener open(SocketAddress address) throws IOException {
    return open(address, BACKLOG, ConnectionOptions.defaults(CALLERS.getCallerClass()));
  }

  /**
   * Opens a listener.
   *
   * @param address where
   * @param options makes the options from the default ones
   * @return the listener
   * @throws IllegalArgumentException if the address is none of the kinds above, or does not go with
   *     TLS
   * @throws IOException if the address cannot be had, as it is somebody else's
   */
  public static Listener open(SocketAddress address, UnaryOperator<ConnectionOptions> options)
      throws IOException {
    Class<?> caller = CALLERS.getCallerClass();
    return open(address, BACKLOG, ConnectionOptions.of(caller, options));
  }

  /**
   * Opens a listener.
   *
   * @param address where
   * @param backlog how many peers may wait to be accepted, at least 1; by default 128
   * @param options makes the options from the default ones
   * @return the listener
   * @throws IllegalArgumentException if the address is none of the kinds above
   * @throws IOException if the address cannot be had, as it is somebody else's
   */
  public static Listener open(
      SocketAddress address, int backlog, UnaryOperator<ConnectionOptions> options)
      throws IOException {
    Class<?> caller = CALLERS.getCallerClass();
    return open(address, backlog, ConnectionOptions.of(caller, options));
  }

  private static Listener open(SocketAddress address, int backlog, ConnectionOptions options)
      throws IOException {
    return new Listener(Door.open(address, backlog, options.spec()));
  }

  /**
   * Waits for a peer that has the key.
   *
   * @return a connection with it
   * @throws IllegalStateException if this is closed, or is meanwhile
   * @throws InterruptedException if interrupted while waiting
   */
  public Connection accept() throws InterruptedException {
    Endpoint accepted = null;
    while (accepted == null) {
      accepted = door.accept(Duration.ofDays(1));
    }
    return new Connection(accepted);
  }

  /**
   * Waits for a peer that has the key, for a while.
   *
   * @param timeout zero or less does not wait
   * @return a connection with it, if there is one in time
   * @throws IllegalStateException if this is closed, or is meanwhile
   * @throws InterruptedException if interrupted while waiting
   */
  public Optional<Connection> accept(Duration timeout) throws InterruptedException {
    return Optional.ofNullable(door.accept(timeout)).map(Connection::new);
  }

  /**
   * Returns where it listens.
   *
   * @return the address, with the port that was found if that was 0
   */
  public SocketAddress address() {
    return door.address();
  }

  /**
   * Returns where the peer is that was accepted last.
   *
   * @return its address; nothing if there was none yet, or it has none that says anything
   */
  public Optional<SocketAddress> lastAccepted() {
    return Optional.ofNullable(door.last()).filter(peer -> peer instanceof InetSocketAddress);
  }

  /** Accepts no more; connections that were accepted stay. Idempotent. */
  @Override
  public void close() {
    door.close();
  }

  /** Where it listens. */
  @Override
  public String toString() {
    return "Listener[" + door.address() + (door.isClosed() ? ", closed]" : "]");
  }
}
