package dev.procession.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.function.SerializableCallable;
import dev.procession.testing.Sides;
import dev.procession.testing.Sides.Pair;
import dev.procession.testing.Sides.Side;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What connections promise, over pipes and sockets, between every sort of two, with a futex and
 * without.
 */
@Timeout(60)
class ConnectionContractTest {
  private static final int ROUNDS = 100;

  static Stream<Arguments> all() {
    return Sides.all();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void connection_betweenTwo_doesWhatItPromises(Pair pair, String os) throws InterruptedException {
    Sides.runOn(os, () -> check(pair));
  }

  private static void check(Pair pair) throws Exception {
    try (var sides = Sides.open(pair)) {
      Side one = sides.one();
      Side other = sides.other();
      for (Transport transport : Transport.values()) {
        objectsComeBack(transport, one, other);
        bytesComeBack(transport, one, other);
        manyArriveInOrder(transport, one, other);
        streamEnds(transport, one, other);
      }
    }
  }

  /** What a connection is over. */
  private enum Transport {
    PIPE,
    TCP,
    UNIX,
    SHARED_MEMORY;

    /** Connects two sides. */
    Ends between(Side one) throws Exception {
      if (this == PIPE) {
        Pipe pipe = Pipe.open();
        Connection first = pipe.first();
        Connection second = pipe.second();
        return new Ends(() -> first, () -> second, first::close, pipe::close);
      }
      String address = one.start(() -> Door.open(this)).get(30, SECONDS);
      return new Ends(Door::accept, () -> Door.enter(this, address), () -> {}, () -> {});
    }
  }

  /**
   * How each side gets its end.
   *
   * @param leaveFirst closes what this process has of the first
   * @param leave closes what this process has of both
   */
  private record Ends(
      SerializableCallable<Connection> first,
      SerializableCallable<Connection> second,
      Runnable leaveFirst,
      Runnable leave)
      implements AutoCloseable {
    @Override
    public void close() {
      leave.run();
    }
  }

  /** A listener of the process that the first side is in. */
  private static final class Door {
    private static final byte[] KEY = {4, 5, 6};
    private static final AtomicReference<Listener> OPEN = new AtomicReference<>();

    static String open(Transport transport) throws IOException {
      Path file = Files.createTempDirectory("procession").resolve("socket");
      SocketAddress address =
          switch (transport) {
            case UNIX -> UnixDomainSocketAddress.of(file);
            case SHARED_MEMORY -> SharedMemoryAddress.of(file);
            default -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
          };
      Listener listener = Listener.open(address, o -> o.withKey(KEY));
      OPEN.set(listener);
      return listener.address() instanceof InetSocketAddress inet
          ? String.valueOf(inet.getPort())
          : file.toString();
    }

    static Connection accept() throws Exception {
      try (Listener listener = OPEN.get()) {
        return listener.accept();
      }
    }

    static Connection enter(Transport transport, String where) throws Exception {
      SocketAddress address =
          switch (transport) {
            case UNIX -> UnixDomainSocketAddress.of(where);
            case SHARED_MEMORY -> SharedMemoryAddress.of(Path.of(where));
            default ->
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(where));
          };
      return Connection.connect(address, o -> o.withKey(KEY));
    }
  }

  private static void both(Future<Boolean> one, Future<Boolean> other) throws Exception {
    assertThat(one.get(30, SECONDS)).isTrue();
    assertThat(other.get(30, SECONDS)).isTrue();
  }

  private static void objectsComeBack(Transport transport, Side one, Side other) throws Exception {
    try (var ends = transport.between(one)) {
      var its = ends.first();
      var others = ends.second();
      SerializableCallable<Boolean> asks =
          () -> {
            try (var first = its.call()) {
              for (int i = 0; i < ROUNDS; i++) {
                List<Object> objects =
                    List.of(i, "text", LocalDate.EPOCH, Map.of("key", new int[0]));
                first.send(objects);
                List<?> received = first.receive(List.class);
                assertThat(received.subList(0, 3)).isEqualTo(objects.subList(0, 3));
                assertThat(received).hasSize(4);
              }
              first.send("end");
              return true;
            }
          };
      SerializableCallable<Boolean> echoes =
          () -> {
            try (var second = others.call()) {
              Object received = second.receive();
              while (!received.equals("end")) {
                second.send(received);
                received = second.receive();
              }
              return true;
            }
          };
      both(one.start(asks), other.start(echoes));
    }
  }

  private static void bytesComeBack(Transport transport, Side one, Side other) throws Exception {
    try (var ends = transport.between(one)) {
      var its = ends.first();
      var others = ends.second();
      int[] lengths = {1, 8, 1000, 65_536, 65_537, 524_288, 5_000_011};
      SerializableCallable<Boolean> asks =
          () -> {
            try (var first = its.call()) {
              for (int length : lengths) {
                byte[] message = new byte[length];
                Arrays.fill(message, (byte) length);
                message[length - 1] = 1;
                first.sendBytes(message);
                if (!Arrays.equals(first.receiveBytes(), message)) {
                  throw new AssertionError("another came back: length=" + length);
                }
              }
              first.sendBytes(new byte[0]);
              return true;
            }
          };
      SerializableCallable<Boolean> echoes =
          () -> {
            try (var second = others.call()) {
              byte[] received = second.receiveBytes();
              while (received.length > 0) {
                second.sendBytes(received);
                received = second.receiveBytes();
              }
              return true;
            }
          };
      both(one.start(asks), other.start(echoes));
    }
  }

  private static void manyArriveInOrder(Transport transport, Side one, Side other)
      throws Exception {
    try (var ends = transport.between(one)) {
      var its = ends.first();
      var others = ends.second();
      SerializableCallable<Boolean> sends =
          () -> {
            try (var second = others.call()) {
              for (int i = 0; i < 50 * ROUNDS; i++) {
                second.send(i);
              }
              return second.receive().equals("enough");
            }
          };
      SerializableCallable<Boolean> receives =
          () -> {
            try (var first = its.call()) {
              for (int i = 0; i < 50 * ROUNDS; i++) {
                if (i % 100 == 0 && !first.poll(Duration.ofSeconds(20))) {
                  throw new AssertionError("nothing came");
                }
                assertThat(first.receive()).isEqualTo(i);
              }
              boolean more = first.poll();
              first.send("enough");
              return !more;
            }
          };
      both(one.start(receives), other.start(sends));
    }
  }

  private static void streamEnds(Transport transport, Side one, Side other) throws Exception {
    try (var ends = transport.between(one)) {
      var its = ends.first();
      var others = ends.second();
      SerializableCallable<Boolean> closes =
          () -> {
            try (var first = its.call()) {
              boolean there = first.receive().equals("here");
              first.send("last");
              return there;
            }
          };
      SerializableCallable<Boolean> drains =
          () -> {
            try (var second = others.call()) {
              second.send("here");
              return second.receive().equals("last") && isAtEnd(second);
            }
          };
      Future<Boolean> closed = one.start(closes);
      Future<Boolean> drained = other.start(drains);
      assertThat(closed.get(30, SECONDS)).isTrue();
      ends.leaveFirst().run();
      assertThat(drained.get(30, SECONDS)).isTrue();
    }
  }

  private static boolean isAtEnd(Connection connection) throws Exception {
    try {
      Object _ = connection.receive();
      return false;
    } catch (EOFException e) {
      return connection.poll();
    }
  }
}
