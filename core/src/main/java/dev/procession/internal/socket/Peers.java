package dev.procession.internal.socket;

import dev.procession.channel.SharedMemoryAddress;
import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.shared.Deadline;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Making connections to who listens. */
public final class Peers {
  /** Between attempts to find room. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Peers() {}

  /**
   * Connects, and shows that both sides have the same key.
   *
   * @throws dev.procession.channel.AuthenticationException if they do not
   * @throws IOException if nobody listens there, or the time is over
   */
  public static Endpoint connect(SocketAddress address, SocketSpec spec)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(spec.handshake());
    if (address instanceof SharedMemoryAddress shared) {
      SocketSpec meeting = spec.withFilter(MemoryWelcome.HANDLES);
      SocketEnd end = enter(UnixDomainSocketAddress.of(shared.path()), meeting, deadline);
      return MemoryWelcome.arrived(end, spec, deadline);
    }
    return enter(address, spec, deadline);
  }

  private static SocketEnd enter(SocketAddress address, SocketSpec spec, Deadline deadline)
      throws IOException, InterruptedException {
    PlainWire plain = new PlainWire(connected(address, deadline));
    boolean done = false;
    try {
      SSLContext tls = spec.tls();
      Wire wire = tls == null ? plain : TlsWire.client(plain, tls, address, deadline);
      SocketEnd end = new SocketEnd(wire, Handshake.MOST_BYTES, spec.filter());
      Handshake.client(end, spec.key(), deadline);
      end.allow(spec.longest());
      done = true;
      return end;
    } finally {
      if (!done) {
        plain.close(); // and not the channel only: who has waited for it has selectors
      }
    }
  }

  private static SocketChannel connected(SocketAddress address, Deadline deadline)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return attempt(address, deadline);
      } catch (SocketException e) {
        if (!mayBeFull(address, e)) {
          throw e;
        }
        if (deadline.isOver()) {
          SocketTimeoutException late =
              new SocketTimeoutException("no room there in time: address=" + address);
          late.initCause(e);
          throw late;
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  /** A socket that never blocks cannot wait for room among those that wait to be accepted. */
  private static boolean mayBeFull(SocketAddress address, SocketException failure) {
    return failure.getClass() == SocketException.class // and not that nobody listens
        && address instanceof UnixDomainSocketAddress unix
        && Files.exists(unix.getPath());
  }

  private static SocketChannel attempt(SocketAddress address, Deadline deadline)
      throws IOException, InterruptedException {
    SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    boolean done = false;
    try {
      connect(channel, address, deadline);
      done = true;
      return channel;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private static void connect(SocketChannel channel, SocketAddress address, Deadline deadline)
      throws IOException, InterruptedException {
    channel.configureBlocking(false);
    Readiness connected = new Readiness(channel, SelectionKey.OP_CONNECT);
    try {
      boolean done = channel.connect(address);
      while (!done) {
        if (!connected.await(deadline)) {
          throw new SocketTimeoutException("nobody answers in time: address=" + address);
        }
        done = channel.finishConnect();
      }
    } finally {
      connected.close();
    }
  }
}
