package dev.procession.internal.socket;

import dev.procession.channel.SharedMemoryAddress;
import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.logging.Log;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.segment.SegmentFolder;
import dev.procession.internal.shared.Deadline;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where peers come in. A daemon thread accepts them; each shows that it has the key in a thread of
 * its own, so that none of them delays another, and those that do not are dropped. Thread-safe.
 */
public final class Door implements AutoCloseable {
  /** How many may be showing their key at a time; more wait to be accepted. */
  private static final int MOST_HANDSHAKES = 512;

  /** After a failure that may repeat, as when there are no file descriptors. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** What becomes of a peer that has the key. */
  interface Welcome {
    /**
     * Makes of it what is accepted.
     *
     * @throws IOException if the peer is gone
     */
    Endpoint of(SocketEnd end, Deadline deadline) throws IOException, InterruptedException;
  }

  private final ServerSocketChannel channel;
  private final SocketAddress address;
  private final SocketSpec spec;
  private final Welcome welcome;
  private final Semaphore handshakes = new Semaphore(MOST_HANDSHAKES);
  private final Backlog entered;

  /** Of peers that show their key. */
  private final Set<PlainWire> entering = ConcurrentHashMap.newKeySet();

  private volatile @Nullable SocketAddress last;
  private final AtomicBoolean closed = new AtomicBoolean();

  private final Thread acceptor =
      SystemThreads.own().daemon().name("procession-listener").unstarted(this::run);

  private Door(
      ServerSocketChannel channel,
      SocketAddress shown,
      int backlog,
      SocketSpec spec,
      Welcome welcome)
      throws IOException {
    this.channel = channel;
    this.address = shown instanceof InetSocketAddress ? channel.getLocalAddress() : shown;
    this.spec = spec;
    this.welcome = welcome;
    this.entered = new Backlog(backlog);
  }

  /**
   * Opens one.
   *
   * @param backlog how many wait to be accepted at most
   * @throws IOException if the address cannot be had
   */
  public static Door open(SocketAddress address, int backlog, SocketSpec spec) throws IOException {
    if (backlog < 1) {
      throw new IllegalArgumentException("too few: backlog=" + backlog);
    }
    if (spec.tls() != null && !(address instanceof InetSocketAddress)) {
      throw new IllegalArgumentException("TLS is for TCP only: address=" + address);
    }
    return switch (address) {
      case InetSocketAddress inet ->
          open(ServerSocketChannel.open(), inet, backlog, spec, inet, (end, deadline) -> end);
      case UnixDomainSocketAddress unix ->
          open(unixChannel(), unix, backlog, spec, unix, (end, deadline) -> end);
      case SharedMemoryAddress memory -> {
        UnixDomainSocketAddress meeting = UnixDomainSocketAddress.of(memory.path());
        yield open(unixChannel(), meeting, backlog, spec, memory, new MemoryWelcome(spec));
      }
      default ->
          throw new IllegalArgumentException(
              "neither TCP, Unix-domain nor shared-memory address: class=" + address.getClass());
    };
  }

  private static ServerSocketChannel unixChannel() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  private static Door open(
      ServerSocketChannel channel,
      SocketAddress address,
      int backlog,
      SocketSpec spec,
      SocketAddress shown,
      Welcome welcome)
      throws IOException {
    boolean done = false;
    try {
      bind(channel, address, backlog);
      Door door = new Door(channel, shown, backlog, spec, welcome);
      door.acceptor.start();
      done = true;
      return door;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private static void bind(ServerSocketChannel channel, SocketAddress address, int backlog)
      throws IOException {
    if (!(address instanceof UnixDomainSocketAddress unix)) {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address, backlog);
      return;
    }
    try {
      channel.bind(address, backlog);
    } catch (BindException e) {
      if (!isLeft(unix)) {
        throw e;
      }
      Files.delete(unix.getPath());
      channel.bind(address, backlog);
    }
    restrict(unix.getPath());
  }

  /** Whether it is the file of a process that was killed: a socket where nobody listens. */
  private static boolean isLeft(UnixDomainSocketAddress address) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      BasicFileAttributes file =
          Files.readAttributes(
              address.getPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      probe.configureBlocking(false); // so that neither a full backlog nor an interrupt matters
      if (file.isOther()) {
        boolean _ = probe.connect(address);
      }
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false; // nobody knows, as it is somebody else's
    }
  }

  private static void restrict(Path path) throws IOException {
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (UnsupportedOperationException e) {
      return; // a file system without them: there is the key
    }
  }

  /** An address that only this program knows; its file is swept when this process is killed. */
  public static SharedMemoryAddress privateAddress() {
    return SharedMemoryAddress.of(SegmentFolder.newPath("socket"));
  }

  public SocketAddress address() {
    return address;
  }

  /** Where the peer that was accepted last is; null before, and if it has no address. */
  public @Nullable SocketAddress last() {
    return last;
  }

  // peers coming in

  private void run() {
    while (!closed.get()) {
      try {
        if (!handshakes.tryAcquire(PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
          continue;
        }
        boolean begun = false;
        try {
          begin(channel.accept());
          begun = true;
        } finally {
          if (!begun) {
            handshakes.release();
          }
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | InterruptedException | OutOfMemoryError e) {
        Log.debug("cannot accept a connection: listener=" + address, e);
        pause();
      }
    }
  }

  private void begin(SocketChannel peer) throws IOException {
    boolean begun = false;
    try {
      SystemThreads.run(() -> enter(peer));
      begun = true;
    } finally {
      if (!begun) { // as when there can be no more threads
        peer.close();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      return; // nobody interrupts this thread on purpose
    }
  }

  private void enter(SocketChannel peer) {
    String from = "unknown";
    try {
      Backlog.Entered welcomed;
      try {
        SocketAddress remote = peer.getRemoteAddress();
        from = String.valueOf(remote);
        welcomed = new Backlog.Entered(authenticate(peer), remote);
      } finally {
        handshakes.release();
      }
      offer(welcomed);
    } catch (IOException | InterruptedException | RuntimeException e) {
      Log.debug("peer is refused: peer=" + from, e);
    }
  }

  private Endpoint authenticate(SocketChannel peer) throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(spec.handshake());
    PlainWire plain = new PlainWire(peer);
    entering.add(plain);
    boolean done = false;
    try {
      if (closed.get()) {
        throw new ClosedChannelException(); // whoever has closed this may have missed it
      }
      SSLContext tls = spec.tls();
      Wire wire =
          tls == null ? plain : TlsWire.listener(plain, tls, spec.bothCertified(), deadline);
      SocketEnd end = new SocketEnd(wire, Handshake.MOST_BYTES, spec.filter());
      Handshake.listener(end, spec.key(), deadline);
      end.allow(spec.longest());
      Endpoint welcomed = welcome.of(end, deadline);
      done = true;
      return welcomed;
    } finally {
      entering.remove(plain);
      if (!done) {
        plain.close(); // and not the channel only: who has waited for it has selectors
      }
    }
  }

  private void offer(Backlog.Entered welcomed) throws InterruptedException {
    boolean taken = false;
    try {
      taken = entered.add(welcomed);
    } finally {
      if (!taken) {
        welcomed.peer().close();
      }
    }
  }

  /**
   * The next peer; null if there is none in time.
   *
   * @throws IllegalStateException if this is closed, or is meanwhile
   */
  public @Nullable Endpoint accept(Duration timeout) throws InterruptedException {
    Backlog.Entered next = entered.take(Deadline.after(timeout));
    if (next != null) {
      last = next.address();
      return next.peer();
    }
    if (closed.get()) {
      throw new IllegalStateException("listener is closed: address=" + address);
    }
    return null;
  }

  public boolean isClosed() {
    return closed.get();
  }

  /** Takes no more peers, drops those that nobody has accepted. Idempotent. */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) { // later the address may be somebody else's
      leave();
    }
    entering.forEach(PlainWire::close);
    entered.close();
    SystemThreads.awaitEnd(acceptor);
  }

  private void leave() {
    try (channel) {
      switch (address) {
        case UnixDomainSocketAddress unix -> Files.deleteIfExists(unix.getPath());
        case SharedMemoryAddress memory -> Files.deleteIfExists(memory.path());
        default -> {}
      }
    } catch (IOException e) {
      Log.debug("listener is not closed well: address=" + address, e);
    }
  }
}
