package dev.procession.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections with Python's own {@code multiprocessing.connection}, from 3.12 on. Skipped where
 * there is none: it is {@code $PYTHON}, or a {@code python3} on the path.
 */
@Timeout(60)
class PythonPeerTest {
  private static final byte[] KEY = "secret".getBytes(StandardCharsets.US_ASCII);

  private static final String CLIENT =
      """
      import sys
      from multiprocessing.connection import Client
      address = sys.argv[1]
      address = ("127.0.0.1", int(address)) if address.isdigit() else address
      with Client(address, authkey=sys.argv[2].encode()) as c:
          c.send_bytes(b"hello")
          while True:
              message = c.recv_bytes()
              c.send_bytes(message[::-1])
              if not message:
                  break
      """;

  private static final String LISTENER =
      """
      import sys
      from multiprocessing import AuthenticationError
      from multiprocessing.connection import Listener
      with Listener(("127.0.0.1", 0), authkey=b"secret") as l:
          print(l.address[1], flush=True)
          try:
              l.accept()
          except AuthenticationError:
              print("refused", flush=True)
          with l.accept() as c:
              while True:
                  message = c.recv_bytes()
                  c.send_bytes(message[::-1])
                  if not message:
                      break
      """;

  private static String python = "";

  @TempDir Path folder;

  @BeforeAll
  static void findPython() {
    Optional<String> found =
        Stream.of(System.getenv().getOrDefault("PYTHON", "python3"), "python3.14", "python3.13")
            .filter(PythonPeerTest::isNewEnough)
            .findFirst();
    assumeTrue(found.isPresent(), "no Python from 3.12 on is installed");
    python = found.get();
  }

  private static boolean isNewEnough(String name) {
    try {
      Process process =
          new ProcessBuilder(
                  name, "-c", "import sys; sys.exit(0 if sys.version_info >= (3, 12) else 1)")
              .redirectErrorStream(true)
              .start();
      return process.waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static Process start(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python, "-c", program));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void exchange(Connection connection) throws Exception {
    for (int length : new int[] {1, 5, 16_384, 1_000_000, 0}) {
      byte[] message = new byte[length];
      Arrays.fill(message, (byte) 7);
      if (length > 0) {
        message[0] = 1;
      }
      connection.sendBytes(message);
      byte[] reversed = connection.receiveBytes();
      assertThat(reversed).hasSize(length);
      if (length > 0) {
        assertThat(reversed[length - 1]).isEqualTo((byte) 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TCP", "UNIX"})
  void listener_acceptsAPythonClient(String family) throws Exception {
    SocketAddress address =
        family.equals("TCP")
            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)
            : UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (var listener = Listener.open(address, o -> o.withKey(KEY))) {
      String where =
          listener.address() instanceof InetSocketAddress inet
              ? String.valueOf(inet.getPort())
              : listener.address().toString();
      Process impostor = start(CLIENT, where, "wrong");
      assertThat(impostor.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(impostor.exitValue()).isNotZero();
      assertThat(listener.accept(Duration.ofMillis(100))).isEmpty();
      Process client = start(CLIENT, where, "secret");
      try (var accepted = listener.accept()) {
        assertThat(accepted.receiveBytes()).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
        exchange(accepted);
      }
      assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(client.exitValue()).isZero();
    }
  }

  @Test
  void connect_toAPythonListener() throws Exception {
    Process server = start(LISTENER);
    try (var said = server.inputReader()) {
      SocketAddress address =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), Integer.parseInt(said.readLine()));
      assertThatThrownBy(() -> Connection.connect(address, o -> o.withKey(new byte[1])))
          .isInstanceOf(AuthenticationException.class);
      assertThat(said.readLine()).isEqualTo("refused");
      try (var connected = Connection.connect(address, o -> o.withKey(KEY))) {
        exchange(connected);
      }
    } finally {
      server.destroyForcibly().waitFor();
    }
  }
}
