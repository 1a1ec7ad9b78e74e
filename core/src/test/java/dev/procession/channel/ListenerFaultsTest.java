package dev.procession.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procession.testing.Aside;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left behind, or broken, when something goes wrong with a listener or a socket. */
@Timeout(60)
class ListenerFaultsTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;

  private UnixDomainSocketAddress unix() {
    return UnixDomainSocketAddress.of(folder.resolve("socket"));
  }

  // file descriptors

  private static int openFiles() throws IOException {
    Path files = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(files));
    try (var listed = Files.list(files)) {
      return (int) listed.count();
    }
  }

  private static void awaitOpenFiles(int most) throws Exception {
    for (int i = 0; i < 200 && openFiles() > most; i++) {
      Thread.sleep(20);
    }
    assertThat(openFiles()).isLessThanOrEqualTo(most);
  }

  @Test
  void peersThatDoNotFinishTheTlsHandshake_leaveNoFilesOpen() throws Exception {
    SSLContext tls = SSLContext.getDefault();
    try (var listener =
        Listener.open(LOOPBACK, o -> o.withTls(tls).withHandshakeTimeout(Duration.ofMillis(100)))) {
      InetSocketAddress address = (InetSocketAddress) listener.address();
      int before = openFiles();
      for (int i = 0; i < 40; i++) {
        try (Socket silent = new Socket(address.getAddress(), address.getPort())) {
          while (silent.getInputStream().read() >= 0) {
            Thread.onSpinWait();
          }
        }
      }
      awaitOpenFiles(before + 15);
    }
  }

  @Test
  void connect_refusedOrInVain_leavesNoFilesOpen() throws Exception {
    SSLContext tls = SSLContext.getDefault();
    try (var listener = Listener.open(LOOPBACK, o -> o.withKey(new byte[] {1}))) {
      SocketAddress address = listener.address();
      Runnable refused =
          () -> {
            assertThatThrownBy(() -> Connection.connect(address, o -> o.withKey(new byte[] {2})))
                .isInstanceOf(AuthenticationException.class);
            assertThatThrownBy(() -> Connection.connect(address, o -> o.withTls(tls)))
                .isInstanceOf(IOException.class);
          };
      refused.run();
      int before = openFiles();
      for (int i = 0; i < 20; i++) {
        refused.run();
      }
      awaitOpenFiles(before + 10);
    }
  }

  @Test
  void close_afterWaitingTogetherWithOthers_endsWhoSends() throws Exception {
    try (var listener = Listener.open(LOOPBACK);
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      assertThat(Connection.waitAny(List.of(accepted), Duration.ofMillis(30))).isEmpty();
      Future<Boolean> sending =
          Aside.run(
              () -> {
                connected.sendBytes(new byte[50_000_000]);
                return true;
              });
      assertThat(Connection.waitAny(List.of(accepted), Duration.ofSeconds(10))).isNotEmpty();
      Thread.sleep(200); // until there is no room for more
      accepted.close();
      assertThatThrownBy(() -> sending.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(PeerClosedException.class);
    }
  }

  // socket files

  @Test
  void open_whereSomebodyListens_whileInterrupted_leavesItToThem() throws Exception {
    try (var listener = Listener.open(unix())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Listener.open(unix())).isInstanceOf(BindException.class);
      assertThat(Thread.interrupted()).isTrue();
      Connection.connect(unix()).close();
      listener.accept().close();
    }
  }

  @Test
  void open_whereAFolderIs_leavesIt() throws Exception {
    Files.createDirectory(unix().getPath());
    assertThatThrownBy(() -> Listener.open(unix())).isInstanceOf(BindException.class);
    assertThat(unix().getPath()).isDirectory();
  }

  @Test
  void open_withoutABacklog_leavesNoFile() {
    assertThatThrownBy(() -> Listener.open(unix(), 0, o -> o))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(unix().getPath()).doesNotExist();
  }

  @Test
  void close_whileAPeerShowsItsKey_dropsIt() throws Exception {
    Listener listener = Listener.open(LOOPBACK, o -> o.withHandshakeTimeout(Duration.ofHours(1)));
    InetSocketAddress address = (InetSocketAddress) listener.address();
    try (Socket silent = new Socket(address.getAddress(), address.getPort())) {
      silent.setSoTimeout(10_000);
      int challenged = silent.getInputStream().read(); // it is in its handshake
      listener.close();

      assertThat(challenged).isNotNegative();
      Throwable end = catchThrowable(() -> silent.getInputStream().readAllBytes());
      assertThat(end instanceof SocketTimeoutException).isFalse(); // but nothing, or a reset
    }
  }

  @Test
  void close_again_leavesTheAddressToWhoHasItNow() throws Exception {
    Listener first = Listener.open(unix());
    first.close();
    try (var second = Listener.open(unix())) {
      first.close();
      Connection.connect(unix()).close();
      second.accept().close();
    }
  }

  @Test
  void connect_whileTheListenerHasNoRoom_waits() throws Exception {
    List<SocketChannel> others = new ArrayList<>();
    try (var busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      busy.bind(unix(), 1);
      assertThatThrownBy(
              () -> {
                while (true) {
                  SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX);
                  others.add(other);
                  other.configureBlocking(false);
                  other.connect(unix());
                }
              })
          .isInstanceOf(SocketException.class);
      assertThatThrownBy(
              () -> Connection.connect(unix(), o -> o.withHandshakeTimeout(Duration.ofMillis(300))))
          .isInstanceOf(SocketTimeoutException.class);
      Future<Connection> connecting = Aside.run(() -> Connection.connect(unix()));
      for (SocketChannel other : others) {
        other.close();
      }
      busy.accept().close();
      busy.accept().close();
      busy.accept().close(); // it has come in, and is sent away
      assertThatThrownBy(() -> connecting.get(5, TimeUnit.SECONDS))
          .hasCauseInstanceOf(AuthenticationException.class);
    } finally {
      for (SocketChannel other : others) {
        other.close();
      }
    }
  }

  @Test
  void connect_toSharedMemory_thatIsNeverSent_timesOut() throws Exception {
    try (var listener = Listener.open(unix())) {
      Future<Connection> connecting =
          Aside.run(
              () ->
                  Connection.connect(
                      SharedMemoryAddress.of(unix().getPath()),
                      o -> o.withHandshakeTimeout(Duration.ofMillis(300))));
      try (var silent = listener.accept()) {
        assertThatThrownBy(() -> connecting.get(10, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(SocketTimeoutException.class);
        assertThat(silent.isClosed()).isFalse();
      }
    }
  }

  // streams

  @Test
  void send_ofMemoryThatCannotBeWritten_arrives() throws Exception {
    try (var listener = Listener.open(LOOPBACK);
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      long[] array = new long[10_000];
      array[9_999] = 7;
      connected.sendBytes(MemorySegment.ofArray(array).asReadOnly());
      connected.send("next");
      assertThat(
              MemorySegment.ofArray(accepted.receiveBytes()).mismatch(MemorySegment.ofArray(array)))
          .isEqualTo(-1);
      assertThat(accepted.receive()).isEqualTo("next");
    }
  }

  @Test
  void send_ofMemoryThatGoesMeanwhile_endsTheStream() throws Exception {
    try (var listener = Listener.open(LOOPBACK);
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      Arena arena = Arena.ofShared();
      MemorySegment large = arena.allocate(50_000_000);
      Future<Boolean> sending =
          Aside.run(
              () -> {
                connected.sendBytes(large);
                return true;
              });
      assertThat(accepted.poll(Duration.ofSeconds(10))).isTrue();
      Thread.sleep(200); // until there is no room for more
      arena.close();
      Future<byte[]> received = Aside.run(accepted::receiveBytes);
      assertThatThrownBy(() -> sending.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> connected.sendBytes(new byte[50_000_000]))
          .isInstanceOf(PeerClosedException.class);
      assertThatThrownBy(() -> received.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(EOFException.class);
    }
  }

  @Test
  void receive_intoMemoryThatGoesMeanwhile_endsTheStream() throws Exception {
    try (var listener = Listener.open(LOOPBACK);
        var relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CountDownLatch goesOn = new CountDownLatch(1);
      var _ = Aside.run(() -> relay(relay, listener.address(), goesOn));
      try (var connected = Connection.connect(relay.getLocalSocketAddress());
          var accepted = listener.accept()) {
        Arena arena = Arena.ofShared();
        MemorySegment room = arena.allocate(900_000);
        Future<Long> receiving = Aside.run(() -> accepted.receiveBytesInto(room));
        connected.sendBytes(new byte[900_000]);
        connected.send("next");
        Thread.sleep(300); // until half of it is there
        arena.close();
        goesOn.countDown();
        assertThatThrownBy(() -> receiving.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(accepted::receiveBytes).isInstanceOf(IOException.class);
      }
    }
  }

  /** Stops for a while in the middle of what the client says. */
  private static boolean relay(ServerSocket relay, SocketAddress target, CountDownLatch goesOn)
      throws Exception {
    try (Socket client = relay.accept();
        Socket server = new Socket()) {
      server.connect(target);
      var _ = Aside.run(() -> server.getInputStream().transferTo(client.getOutputStream()));
      pass(client, server, 200_000);
      goesOn.await();
      client.getInputStream().transferTo(server.getOutputStream());
      return true;
    }
  }

  private static void pass(Socket from, Socket to, int bytes) throws IOException {
    byte[] some = new byte[1000];
    int passed = 0;
    while (passed < bytes) {
      int count = from.getInputStream().read(some);
      to.getOutputStream().write(some, 0, count);
      passed += count;
    }
  }

  @Test
  void waitAny_whileAnotherThreadReceives_sleeps() throws Exception {
    try (var listener = Listener.open(LOOPBACK);
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      Future<Object> receiving = Aside.run(accepted::receive);
      Thread.sleep(100);
      var threads = ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadCpuTime();
      assertThat(Connection.waitAny(List.of(accepted), Duration.ofSeconds(1))).isEmpty();
      long used = threads.getCurrentThreadCpuTime() - before;
      assertThat(Duration.ofNanos(used)).isLessThan(Duration.ofMillis(300));
      connected.send("one");
      assertThat(receiving.get(10, TimeUnit.SECONDS)).isEqualTo("one");
      Future<List<Connection>> waiting =
          Aside.run(() -> Connection.waitAny(List.of(accepted), Duration.ofSeconds(20)));
      connected.send("two");
      assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(accepted);
    }
  }

  // what is decoded

  record Order(String item, int count) implements Serializable {}

  @Test
  void receive_withAFilter_asksItAlsoForContainers() throws Exception {
    ObjectInputFilter filter =
        info ->
            info.serialClass() == Order.class
                ? ObjectInputFilter.Status.ALLOWED
                : ObjectInputFilter.Status.REJECTED;
    try (var listener = Listener.open(LOOPBACK, o -> o.withFilter(filter));
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      List<Object> others =
          List.of(
              new ArrayList<>(List.of("a")),
              new HashMap<>(),
              new HashSet<>(),
              List.of("a"),
              java.util.Map.of("a", "b"),
              java.util.Set.of("a"),
              java.util.Map.entry("a", "b"),
              Optional.of("a"),
              Path.of("a"));
      for (Object other : others) {
        connected.send(other);
        assertThatThrownBy(accepted::receive)
            .describedAs(other.getClass().toString())
            .isInstanceOf(MessageNotReadableException.class);
      }
      connected.send(new Order("tea", 2));
      assertThat(accepted.receive()).isEqualTo(new Order("tea", 2));
    }
  }

  @Test
  void receive_throughSharedMemory_asksTheFilter() throws Exception {
    try (var listener = Listener.open();
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      connected.send(java.util.logging.Level.INFO);
      assertThatThrownBy(accepted::receive).isInstanceOf(MessageNotReadableException.class);
      accepted.send(java.util.logging.Level.INFO);
      assertThatThrownBy(connected::receive).isInstanceOf(MessageNotReadableException.class);
      connected.send(new Order("tea", 2));
      assertThat(accepted.receive()).isEqualTo(new Order("tea", 2));
    }
  }
}
