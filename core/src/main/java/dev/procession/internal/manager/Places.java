package dev.procession.internal.manager;

import dev.procession.channel.SharedMemoryAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** Addresses as text that travels: {@code tcp:PORT:HOST}, {@code unix:PATH}, {@code shm:PATH}. */
final class Places {
  private static final String TCP = "tcp:";
  private static final String UNIX = "unix:";
  private static final String MEMORY = "shm:";

  private Places() {}

  static String of(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet -> TCP + inet.getPort() + ':' + host(inet);
      case UnixDomainSocketAddress unix -> UNIX + unix.getPath().toAbsolutePath();
      case SharedMemoryAddress shared -> MEMORY + shared.path().toAbsolutePath();
      default -> throw new IllegalArgumentException("no address of ours: " + address);
    };
  }

  /** A name for a server that listens everywhere, with which others find it. */
  private static String host(InetSocketAddress inet) {
    if (!inet.getAddress().isAnyLocalAddress()) {
      return inet.getHostString();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }

  static SocketAddress address(String place) {
    if (place.startsWith(UNIX)) {
      return UnixDomainSocketAddress.of(place.substring(UNIX.length()));
    }
    if (place.startsWith(MEMORY)) {
      return SharedMemoryAddress.of(Path.of(place.substring(MEMORY.length())));
    }
    int colon = place.indexOf(':', TCP.length());
    if (!place.startsWith(TCP) || colon < 0) {
      throw new IllegalArgumentException("no address: " + place);
    }
    int port = Integer.parseInt(place.substring(TCP.length(), colon));
    return new InetSocketAddress(place.substring(colon + 1), port);
  }
}
