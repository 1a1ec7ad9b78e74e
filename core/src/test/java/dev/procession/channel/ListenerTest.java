package dev.procession.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.testing.Aside;
import dev.procession.testing.TlsStores;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ListenerTest {
  private static final byte[] KEY = {1, 2, 3};
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;

  /** Where peers may meet. */
  enum Family {
    TCP,
    UNIX,
    SHARED_MEMORY;

    SocketAddress address(Path folder) {
      return switch (this) {
        case TCP -> LOOPBACK;
        case UNIX -> UnixDomainSocketAddress.of(folder.resolve("socket"));
        case SHARED_MEMORY -> SharedMemoryAddress.of(folder.resolve("socket"));
      };
    }
  }

  /** Two ends of a connection. */
  private record Ends(Listener listener, Connection accepted, Connection connected)
      implements AutoCloseable {
    static Ends of(SocketAddress address) throws Exception {
      Listener listener = Listener.open(address);
      Connection connected = Connection.connect(listener.address());
      return new Ends(listener, listener.accept(), connected);
    }

    @Override
    public void close() {
      connected.close();
      accepted.close();
      listener.close();
    }
  }

  // both ends

  @ParameterizedTest
  @EnumSource
  void connections_carryObjectsAndBytesBothWays(Family family) throws Exception {
    try (Ends ends = Ends.of(family.address(folder))) {
      ends.connected().send(List.of(1, "two", Map.of("three", 3.0)));
      assertThat(ends.accepted().receive()).isEqualTo(List.of(1, "two", Map.of("three", 3.0)));
      for (int length : new int[] {0, 1, 16_379, 16_380, 16_384, 16_385, 1_000_000, 20_000_000}) {
        byte[] message = new byte[length];
        new java.util.Random(length).nextBytes(message);
        Future<byte[]> echoed =
            Aside.run(
                () -> {
                  ends.connected().sendBytes(ends.connected().receiveBytes());
                  return message;
                });
        ends.accepted().sendBytes(message);
        assertThat(ends.accepted().receiveBytes()).isEqualTo(message);
        echoed.get(10, TimeUnit.SECONDS);
      }
      Future<Boolean> sent =
          Aside.run(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  ends.accepted().send(i);
                }
                return true;
              });
      for (int i = 0; i < 1000; i++) {
        assertThat(ends.connected().receive()).isEqualTo(i);
      }
      assertThat(sent.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void connections_carryMemory_ofAnyKind(Family family) throws Exception {
    try (Ends ends = Ends.of(family.address(folder));
        Arena arena = Arena.ofConfined()) {
      int[] numbers = new int[100_000];
      numbers[99_999] = 7;
      Future<Boolean> sent =
          Aside.run(
              () -> {
                ends.connected().sendBytes(MemorySegment.ofArray(numbers));
                ends.connected().sendBytes(arenaBytes());
                return true;
              });
      int[] received = new int[100_000];
      assertThat(ends.accepted().receiveBytesInto(MemorySegment.ofArray(received)))
          .isEqualTo(400_000);
      assertThat(received).isEqualTo(numbers);
      MemorySegment target = arena.allocate(300_000);
      assertThat(ends.accepted().receiveBytesInto(target)).isEqualTo(300_000);
      assertThat(target.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 299_999)).isEqualTo((byte) 9);
      assertThat(sent.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static MemorySegment arenaBytes() {
    MemorySegment memory = Arena.ofAuto().allocate(300_000);
    memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 299_999, (byte) 9);
    return memory;
  }

  @ParameterizedTest
  @EnumSource
  void receive_messageThatIsTooLong_throwsAndItStays(Family family) throws Exception {
    try (Ends ends = Ends.of(family.address(folder))) {
      ends.connected().sendBytes(new byte[1000]);
      assertThatThrownBy(() -> ends.accepted().receiveBytes(999))
          .isInstanceOf(MessageTooLongException.class);
      assertThat(ends.accepted().receiveBytes(1000)).hasSize(1000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void close_ofOneEnd_endsTheStreamOfTheOther(Family family) throws Exception {
    try (Ends ends = Ends.of(family.address(folder))) {
      ends.connected().send("last");
      ends.connected().close();
      assertThat(ends.accepted().receive()).isEqualTo("last");
      assertThat(ends.accepted().poll(Duration.ofSeconds(10))).isTrue();
      assertThatThrownBy(() -> ends.accepted().receive()).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> ends.accepted().receive()).isInstanceOf(EOFException.class);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  ends.accepted().sendBytes(new byte[10_000]);
                }
              })
          .isInstanceOf(PeerClosedException.class);
      assertThatThrownBy(() -> ends.connected().send("more"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void receive_interruptedOrClosed_ends(Family family) throws Exception {
    try (Ends ends = Ends.of(family.address(folder))) {
      Thread test = Thread.currentThread();
      Thread interrupter = Thread.ofPlatform().start(() -> interruptOnceAsleep(test));
      assertThatThrownBy(() -> ends.accepted().receive()).isInstanceOf(InterruptedException.class);
      interrupter.join();
      assertThat(ends.accepted().poll(Duration.ofMillis(20))).isFalse();
      ends.connected().send("still there");
      assertThat(ends.accepted().receive()).isEqualTo("still there");
      Thread closer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    awaitAsleep(test);
                    ends.accepted().close();
                  });
      assertThatThrownBy(() -> ends.accepted().receive())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      closer.join();
    }
  }

  private static void interruptOnceAsleep(Thread thread) {
    awaitAsleep(thread);
    thread.interrupt();
  }

  /** One that waits for a socket is in the kernel: runnable, as Java has it. */
  private static void awaitAsleep(Thread thread) {
    while (java.util.Arrays.stream(thread.getStackTrace())
        .noneMatch(
            frame -> frame.getMethodName().matches("awaitWord|wait.*|.*[sS]elect|await.*"))) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP", "UNIX"})
  void send_interruptedAmidAMessage_sendsItAllTheSame(Family family) throws Exception {
    try (Ends ends = Ends.of(family.address(folder))) {
      byte[] large = new byte[30_000_000];
      large[large.length - 1] = 5;
      Thread test = Thread.currentThread();
      Thread interrupter = Thread.ofPlatform().start(() -> interruptOnceAsleep(test));
      ends.connected().sendBytes(large); // nobody receives, so it waits
      assertThat(Thread.interrupted()).isTrue();
      interrupter.join();
      assertThat(ends.accepted().receiveBytes()).isEqualTo(large);
      ends.connected().send("next");
      assertThat(ends.accepted().receive()).isEqualTo("next");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TCP", "UNIX"})
  void receive_interruptedAmidAMessage_goesOnNextTime(Family family) throws Exception {
    try (var listener = Listener.open(family.address(folder))) {
      Future<Connection> connecting = Aside.run(() -> Connection.connect(listener.address()));
      try (Connection accepted = listener.accept();
          Connection connected = connecting.get(10, TimeUnit.SECONDS)) {
        byte[] large = new byte[30_000_000];
        large[large.length - 1] = 5;
        Thread test = Thread.currentThread();
        Thread interrupter = Thread.ofPlatform().start(() -> interruptOnceAsleep(test));
        Future<Boolean> sent =
            Aside.run(
                () -> {
                  interrupter.join();
                  connected.sendBytes(large);
                  return true;
                });
        assertThatThrownBy(() -> accepted.receiveBytes()).isInstanceOf(InterruptedException.class);
        assertThat(accepted.poll(Duration.ofSeconds(10))).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> accepted.receiveBytes()).isInstanceOf(InterruptedException.class);
        assertThat(accepted.receiveBytes()).isEqualTo(large);
        assertThat(sent.get(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitAny_withSockets_findsWhatIsReady(Family family) throws Exception {
    try (Ends ends = Ends.of(family.address(folder));
        Pipe pipe = Pipe.open()) {
      List<Connection> both = List.of(ends.accepted(), pipe.first());
      assertThat(Connection.waitAny(both, Duration.ofMillis(30))).isEmpty();
      Future<List<Connection>> waiting =
          Aside.run(() -> Connection.waitAny(both, Duration.ofSeconds(20)));
      ends.connected().send("now");
      assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(ends.accepted());
      assertThat(ends.accepted().receive()).isEqualTo("now");
      pipe.second().send("here");
      assertThat(Connection.waitAny(both, Duration.ofSeconds(20))).containsExactly(pipe.first());
      assertThat(pipe.first().receive()).isEqualTo("here");
      ends.connected().close();
      assertThat(Connection.waitAny(both, Duration.ofSeconds(20))).containsExactly(ends.accepted());
    }
  }

  // processes

  @ParameterizedTest
  @EnumSource
  void connect_fromAnotherProcessOfTheProgram_hasItsKey(Family family) throws Exception {
    try (var listener = Listener.open(family.address(folder))) {
      SocketAddress address = listener.address();
      try (var child =
              ChildProcess.call(
                  () -> {
                    try (var mine = Connection.connect(address(address.toString()))) {
                      mine.send(mine.receive(String.class).toUpperCase(java.util.Locale.ROOT));
                      return mine.receive(Integer.class) + 1;
                    }
                  });
          var accepted = listener.accept()) {
        accepted.send("hello world");
        assertThat(accepted.receive()).isEqualTo("HELLO WORLD");
        accepted.send(41);
        assertThat(child.result().get(10, TimeUnit.SECONDS)).isEqualTo(42);
      }
    }
  }

  /** An address by what it looks like. */
  private static SocketAddress address(String text) {
    if (text.startsWith("shm:")) {
      return SharedMemoryAddress.of(Path.of(text.substring(4)));
    }
    int colon = text.lastIndexOf(':');
    return colon < 0
        ? UnixDomainSocketAddress.of(text)
        : new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Integer.parseInt(text.substring(colon + 1)));
  }

  @ParameterizedTest
  @EnumSource
  void peer_isKilled_endsTheStreamWithinASecond(Family family) throws Exception {
    try (var listener = Listener.open(family.address(folder))) {
      String address = listener.address().toString();
      try (var child =
              ChildProcess.start(
                  () -> {
                    try (var mine = Connection.connect(address(address))) {
                      mine.send("here");
                      mine.receive();
                    }
                  });
          var accepted = listener.accept()) {
        assertThat(accepted.receive()).isEqualTo("here");
        long start = System.nanoTime();
        child.kill();
        assertThatThrownBy(accepted::receive).isInstanceOf(EOFException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      }
    }
  }

  // addresses

  @Test
  void open_withoutAnAddress_hasOneOfItsOwnThatGoesWithIt() throws Exception {
    Listener listener = Listener.open();
    Path path = ((SharedMemoryAddress) listener.address()).path();
    assertThat(path).exists();
    try (var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      connected.send("private");
      assertThat(accepted.receive()).isEqualTo("private");
    }
    listener.close();
    listener.close();
    assertThat(path).doesNotExist();
    assertThat(listener).hasToString("Listener[shm:" + path + ", closed]");
  }

  @Test
  void open_atAnAddressThatIsTaken_isRefused() throws Exception {
    Path path = folder.resolve("socket");
    try (var tcp = Listener.open(LOOPBACK);
        var unix = Listener.open(UnixDomainSocketAddress.of(path))) {
      assertThatThrownBy(() -> Listener.open(tcp.address())).isInstanceOf(BindException.class);
      assertThatThrownBy(() -> Listener.open(unix.address())).isInstanceOf(BindException.class);
      assertThat(unix.lastAccepted()).isEmpty();
    }
    Files.writeString(path, "a file of somebody");
    assertThatThrownBy(() -> Listener.open(UnixDomainSocketAddress.of(path)))
        .isInstanceOf(BindException.class);
    assertThat(path).hasContent("a file of somebody");
    assertThatThrownBy(() -> Listener.open(new OtherAddress()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static final class OtherAddress extends SocketAddress {
    @Serial private static final long serialVersionUID = 1L;
  }

  @Test
  void open_whereAKilledProcessHasListened_takesItsPlace() throws Exception {
    String path = folder.resolve("socket").toString();
    try (var child =
        ChildProcess.start(
            () -> {
              try (var listener = Listener.open(UnixDomainSocketAddress.of(path))) {
                listener.accept();
              }
            })) {
      while (!Files.exists(Path.of(path))) {
        Thread.onSpinWait();
      }
      child.kill();
      child.join();
    }
    assertThat(Path.of(path)).exists();
    try (var ends = Ends.of(UnixDomainSocketAddress.of(path))) {
      ends.connected().send("again");
      assertThat(ends.accepted().receive()).isEqualTo("again");
    }
  }

  @Test
  void open_onTheSamePortAgain_works() throws Exception {
    Listener first = Listener.open(LOOPBACK);
    SocketAddress address = first.address();
    var connected = Connection.connect(address);
    first.accept().close();
    first.close();
    try (var ends = Ends.of(address)) {
      assertThat(ends.listener().address()).isEqualTo(address);
      assertThat(ends.listener().lastAccepted()).isPresent();
    }
    connected.close();
  }

  @Test
  void connect_whereNobodyListens_isRefused() throws Exception {
    SocketAddress gone;
    try (var listener = Listener.open(LOOPBACK)) {
      gone = listener.address();
    }
    assertThatThrownBy(() -> Connection.connect(gone)).isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> Connection.connect(UnixDomainSocketAddress.of(folder.resolve("none"))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void accept_closedMeanwhile_ends() throws Exception {
    Listener listener = Listener.open(LOOPBACK);
    assertThat(listener.accept(Duration.ZERO)).isEmpty();
    Future<Connection> accepting = Aside.run(listener::accept);
    listener.close();
    assertThatThrownBy(() -> accepting.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void connection_overASocket_cannotTravel() throws Exception {
    try (var ends = Ends.of(LOOPBACK);
        var pipe = Pipe.open()) {
      assertThatThrownBy(() -> pipe.first().send(ends.accepted()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("connect in the other process");
    }
  }

  // who is trusted

  @ParameterizedTest
  @EnumSource
  void connect_withAnotherKey_isRefusedAndTheListenerGoesOn(Family family) throws Exception {
    try (var listener = Listener.open(family.address(folder), o -> o.withKey(KEY))) {
      SocketAddress address = listener.address();
      for (byte[] wrong : List.of(new byte[0], new byte[] {1, 2, 4}, new byte[] {1, 2})) {
        assertThatThrownBy(() -> Connection.connect(address, o -> o.withKey(wrong)))
            .isInstanceOf(AuthenticationException.class)
            .hasMessageContaining("key");
      }
      assertThatThrownBy(() -> Connection.connect(address))
          .isInstanceOf(AuthenticationException.class);
      try (var connected = Connection.connect(address, o -> o.withKey(KEY));
          var accepted = listener.accept()) {
        connected.send("good");
        assertThat(accepted.receive()).isEqualTo("good");
      }
    }
  }

  @Test
  void connect_toWhoSaysNothing_timesOut() throws Exception {
    try (var mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  Connection.connect(
                      mute.getLocalSocketAddress(),
                      o -> o.withHandshakeTimeout(Duration.ofMillis(100))))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void receive_messageOverTheLimit_endsTheConnection() throws Exception {
    try (var listener = Listener.open(LOOPBACK, o -> o.withMaxMessageBytes(1000));
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      connected.sendBytes(new byte[1000]);
      assertThat(accepted.receiveBytes()).hasSize(1000);
      connected.sendBytes(new byte[1001]);
      assertThatThrownBy(accepted::receiveBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("length=1001");
      assertThatThrownBy(accepted::receive).hasMessageContaining("length=1001");
      assertThatThrownBy(() -> connected.receive()).isInstanceOf(EOFException.class);
    }
  }

  record Order(String item, int count) implements Serializable {}

  @Test
  void receive_ofTheApplicationsClasses_decodesThem() throws Exception {
    try (var ends = Ends.of(LOOPBACK)) {
      ends.connected().send(new Order("tea", 2));
      assertThat(ends.accepted().receive()).isEqualTo(new Order("tea", 2));
      ends.connected().send(new ArrayList<>(List.of(java.time.LocalDate.EPOCH)));
      assertThat(ends.accepted().receive()).isEqualTo(List.of(java.time.LocalDate.EPOCH));
      ends.connected().send(new IllegalStateException("cause"));
      assertThat(ends.accepted().receive()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void receive_ofOtherClasses_isRefused() throws Exception {
    try (var ends = Ends.of(LOOPBACK)) {
      List<Object> others =
          List.of(
              org.assertj.core.api.Assertions.class,
              java.util.logging.Level.INFO,
              new org.opentest4j.AssertionFailedError("of a library"),
              dev.procession.testing.Ending.EXIT);
      for (Object other : others) {
        ends.connected().send(other);
        assertThatThrownBy(ends.accepted()::receive)
            .isInstanceOf(MessageNotReadableException.class);
      }
      ends.connected().send("good");
      assertThat(ends.accepted().receive()).isEqualTo("good");
    }
  }

  @Test
  void receive_withAFilter_asksOnlyThat() throws Exception {
    try (var listener =
            Listener.open(
                LOOPBACK,
                o ->
                    o.withFilter(
                        java.io.ObjectInputFilter.Config.createFilter(
                            "java.lang.*;java.util.*;!*")));
        var connected = Connection.connect(listener.address());
        var accepted = listener.accept()) {
      connected.send(new Order("tea", 2));
      assertThatThrownBy(accepted::receive).isInstanceOf(MessageNotReadableException.class);
      connected.send(new java.util.BitSet(1));
      assertThat(accepted.receive()).isEqualTo(new java.util.BitSet(1));
    }
  }

  // TLS

  private SSLContext tls(String name, String trusted) throws Exception {
    return new TlsStores(folder).context(name, trusted);
  }

  @Test
  void connections_withAnOlderTls_areRefused() throws Exception {
    SSLContext server = tls("server", "client");
    SSLContext client = tls("client", "server");
    try (var listener = Listener.open(LOOPBACK, o -> o.withTls(server));
        var socket = (SSLSocket) client.getSocketFactory().createSocket()) {
      socket.connect(listener.address());
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
      assertThat(listener.accept(Duration.ofMillis(50))).isEmpty();
    }
  }

  @Test
  void connections_withTls_carryEverything() throws Exception {
    SSLContext server = tls("server", "client");
    SSLContext client = tls("client", "server");
    try (var listener =
            Listener.open(LOOPBACK, o -> o.withTls(server).withClientCertificate(true));
        var connected = Connection.connect(listener.address(), o -> o.withTls(client));
        var accepted = listener.accept()) {
      connected.send(List.of(1, "two"));
      assertThat(accepted.receive()).isEqualTo(List.of(1, "two"));
      byte[] large = new byte[10_000_000];
      new java.util.Random(1).nextBytes(large);
      Future<byte[]> echoed =
          Aside.run(
              () -> {
                connected.sendBytes(connected.receiveBytes());
                return large;
              });
      accepted.sendBytes(large);
      assertThat(accepted.receiveBytes()).isEqualTo(large);
      echoed.get(10, TimeUnit.SECONDS);
      assertThat(accepted.poll(Duration.ofMillis(20))).isFalse();
      Future<List<Connection>> waiting =
          Aside.run(() -> Connection.waitAny(List.of(accepted), Duration.ofSeconds(20)));
      connected.send("last");
      assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly(accepted);
      connected.close();
      assertThat(accepted.receive()).isEqualTo("last");
      assertThatThrownBy(accepted::receive).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void connections_withTlsThatIsNotTrusted_areRefused() throws Exception {
    SSLContext server = tls("server", "client");
    SSLContext stranger = tls("stranger", "server");
    SSLContext distrusting = tls("client", "stranger");
    SSLContext client = tls("client", "server");
    try (var listener =
        Listener.open(
            LOOPBACK,
            o ->
                o.withTls(server)
                    .withClientCertificate(true)
                    .withHandshakeTimeout(Duration.ofSeconds(1)))) {
      SocketAddress address = listener.address();
      assertThatThrownBy(() -> Connection.connect(address, o -> o.withTls(stranger)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Connection.connect(address, o -> o.withTls(distrusting)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Connection.connect(address)).isInstanceOf(IOException.class);
      assertThatThrownBy(
              () -> Connection.connect(address, o -> o.withTls(client).withKey(new byte[3])))
          .isInstanceOf(AuthenticationException.class);
      assertThat(listener.accept(Duration.ofMillis(10))).isEmpty();
      try (var connected = Connection.connect(address, o -> o.withTls(client));
          var accepted = listener.accept()) {
        connected.send("good");
        assertThat(accepted.receive()).isEqualTo("good");
      }
    }
    assertThatThrownBy(
            () ->
                Listener.open(
                    UnixDomainSocketAddress.of(folder.resolve("unix")), o -> o.withTls(server)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // bad peers

  @Test
  void accept_amongHostilePeers_findsTheGoodOnes() throws Exception {
    int good = 667;
    try (var listener =
            Listener.open(
                LOOPBACK, 1000, o -> o.withKey(KEY).withHandshakeTimeout(Duration.ofSeconds(3)));
        ExecutorService threads = Executors.newFixedThreadPool(20)) {
      InetSocketAddress address = (InetSocketAddress) listener.address();
      List<Socket> hostile = new ArrayList<>();
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < good; i++) {
        if (i % 2 == 0) {
          hostile.add(disturb(address, i / 2));
        }
        int number = i;
        answers.add(
            threads.submit(
                () -> {
                  try (var mine = Connection.connect(address, o -> o.withKey(KEY))) {
                    mine.send(number);
                    return mine.receive(Integer.class);
                  }
                }));
      }
      for (int i = 0; i < good; i++) {
        try (var accepted = listener.accept()) {
          accepted.send(accepted.receive(Integer.class) + 1);
        }
      }
      for (int i = 0; i < good; i++) {
        assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i + 1);
      }
      assertThat(listener.accept(Duration.ZERO)).isEmpty();
      for (Socket socket : hostile) {
        socket.setSoTimeout(20_000);
        try (socket) {
          awaitDropped(socket);
        }
      }
    }
  }

  /** Says something bad, or nothing. */
  private static Socket disturb(InetSocketAddress address, int kind) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    byte[] noise = new byte[200];
    new java.util.Random(kind).nextBytes(noise);
    ByteBuffer frame = ByteBuffer.allocate(300);
    switch (kind % 6) {
      case 0 -> {} // half open
      case 1 -> frame.put(noise);
      case 2 -> frame.putInt(Integer.MAX_VALUE).put(noise);
      case 3 -> frame.putInt(-1).putLong(Long.MAX_VALUE);
      case 4 -> frame.putInt(100).put(noise, 0, 50); // cut
      default -> frame.putInt(200).put(noise);
    }
    socket.getOutputStream().write(frame.array(), 0, frame.position());
    return socket;
  }

  private static void awaitDropped(Socket socket) throws IOException {
    try {
      while (socket.getInputStream().read() >= 0) {
        Thread.onSpinWait(); // it is the challenge
      }
    } catch (java.net.SocketException e) {
      return; // reset, as there were bytes that nobody read
    }
  }

  @Test
  void handshake_withAnyByteChangedOrMissing_isRefused() throws Exception {
    try (var listener =
            Listener.open(
                LOOPBACK, o -> o.withKey(KEY).withHandshakeTimeout(Duration.ofMillis(200)));
        var relay = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
      for (int round = 0; round < 150; round++) {
        int bytes = random.nextInt(4 + 11 + 8 + 40 + 4 + 9); // of the shorter direction
        boolean cuts = round % 10 == 0;
        boolean fromListener = random.nextBoolean();
        Thread relaying =
            Thread.ofPlatform()
                .start(() -> relay(relay, listener.address(), fromListener, bytes, cuts));
        assertThatThrownBy(
                () ->
                    Connection.connect(
                        relay.getLocalSocketAddress(),
                        o -> o.withKey(KEY).withHandshakeTimeout(Duration.ofMillis(200))))
            .isInstanceOf(IOException.class);
        relaying.join();
      }
      try (var connected = Connection.connect(listener.address(), o -> o.withKey(KEY));
          var accepted = listener.accept()) {
        connected.send("good");
        assertThat(accepted.receive()).isEqualTo("good");
      }
      assertThat(listener.accept(Duration.ofMillis(300))).isEmpty();
    }
  }

  @Test
  void handshake_replayed_isRefused() throws Exception {
    try (var listener =
            Listener.open(
                LOOPBACK, o -> o.withKey(KEY).withHandshakeTimeout(Duration.ofSeconds(1)));
        var relay = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var said = new ByteArrayOutputStream();
      Thread relaying =
          Thread.ofPlatform()
              .start(() -> record(relay, (InetSocketAddress) listener.address(), said));
      try (var connected = Connection.connect(relay.getLocalSocketAddress(), o -> o.withKey(KEY));
          var accepted = listener.accept()) {
        connected.send("good");
        assertThat(accepted.receive()).isEqualTo("good");
      }
      relaying.join();
      assertThat(said.size()).isGreaterThan(80);

      try (Socket again = new Socket()) {
        again.connect(listener.address());
        again.getOutputStream().write(said.toByteArray());
        again.setSoTimeout(20_000);
        awaitDropped(again);
      }
      assertThat(listener.accept(Duration.ofMillis(50))).isEmpty();
    }
  }

  /** Passes on what two say to each other, and keeps what the client says. */
  private static void record(
      ServerSocket relay, InetSocketAddress target, ByteArrayOutputStream said) {
    try (Socket client = relay.accept();
        Socket listener = new Socket(target.getAddress(), target.getPort())) {
      Thread back = Thread.ofPlatform().start(() -> pump(listener, client, -1, false));
      int next = client.getInputStream().read();
      while (next >= 0) {
        said.write(next);
        listener.getOutputStream().write(next);
        next = client.getInputStream().read();
      }
      listener.shutdownOutput();
      back.join();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusals_areLogged() throws Exception {
    List<String> logged = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("dev.procession");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            logged.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(Level.ALL);
    Level before = logger.getLevel();
    logger.setLevel(Level.FINE);
    logger.addHandler(handler);
    try (var listener = Listener.open(LOOPBACK, o -> o.withKey(KEY))) {
      assertThatThrownBy(() -> Connection.connect(listener.address(), o -> o.withKey(new byte[1])))
          .isInstanceOf(AuthenticationException.class);
      while (logged.isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(logged).singleElement(STRING).contains("peer", "refused");
    } finally {
      logger.removeHandler(handler);
      logger.setLevel(before);
    }
  }

  /** Passes on what two say to each other, but for one byte of one of them. */
  private static void relay(
      ServerSocket relay, SocketAddress target, boolean fromListener, int which, boolean cuts) {
    try (Socket client = relay.accept();
        Socket listener = new Socket()) {
      listener.connect(target);
      Thread back =
          Thread.ofPlatform().start(() -> pump(listener, client, fromListener ? which : -1, cuts));
      pump(client, listener, fromListener ? -1 : which, cuts);
      back.join();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void pump(Socket from, Socket to, int which, boolean cuts) {
    try {
      int count = 0;
      int next = from.getInputStream().read();
      while (next >= 0 && !(cuts && count == which)) {
        to.getOutputStream().write(count == which ? next ^ 0x10 : next);
        count++;
        next = from.getInputStream().read();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      return; // one of them has left
    }
  }

  @Test
  void connections_forgotten_areClosed() throws Exception {
    try (var listener = Listener.open(LOOPBACK)) {
      Connection connected = Connection.connect(listener.address());
      forget(listener);
      while (!connected.poll(Duration.ofMillis(10))) {
        System.gc();
      }
      assertThatThrownBy(connected::receive).isInstanceOf(EOFException.class);
      connected.close();
    }
  }

  private static void forget(Listener listener) throws InterruptedException {
    assertThat(listener.accept().isClosed()).isFalse();
  }

  @Test
  void pool_ofWorkers_connectsBack() throws Exception {
    try (var listener = Listener.open();
        var pool = Pool.processes(2)) {
      SocketAddress address = listener.address();
      var futures =
          pool.mapAsync(
              n -> {
                try (var mine = Connection.connect(address)) {
                  mine.send(n);
                  return mine.receive(Integer.class);
                }
              },
              List.of(1, 2, 3, 4));
      for (int i = 0; i < 4; i++) {
        try (var accepted = listener.accept()) {
          accepted.send(accepted.receive(Integer.class) * 10);
          assertThat(accepted.poll(Duration.ofSeconds(10))).isTrue();
        }
      }
      assertThat(futures.get()).containsExactly(10, 20, 30, 40);
    }
  }
}
