package dev.procession.internal.socket;

import dev.procession.channel.AuthenticationException;
import dev.procession.internal.shared.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows that both sides have the same key, without sending it: each side in turn, the listener
 * first, sends random bytes and gets them back signed.
 *
 * <pre>
 *   #CHALLENGE#{sha256}40 random bytes   ─►
 *                                        ◄─   {sha256}HMAC of all behind #CHALLENGE#
 *   #WELCOME# or #FAILURE#               ─►
 * </pre>
 *
 * The messages are those of Python's {@code multiprocessing.connection} from 3.12 on; its older
 * ones, which are signed with MD5, are refused.
 */
final class Handshake {
  /** Of any of its messages. */
  static final int MOST_BYTES = 256;

  private static final byte[] CHALLENGE = bytes("#CHALLENGE#");
  private static final byte[] WELCOME = bytes("#WELCOME#");
  private static final byte[] FAILURE = bytes("#FAILURE#");
  private static final String DIGEST = "sha256";
  private static final int RANDOM_BYTES = 40;

  /** Less than so many could be guessed, or come again. */
  private static final int FEWEST_BYTES = 20;

  /** Names of digests as they are sent, and as the JDK knows them. */
  private static final Map<String, String> ALGORITHMS =
      Map.of(
          "sha256", "HmacSHA256",
          "sha384", "HmacSHA384",
          "sha3_256", "HmacSHA3-256",
          "sha3_384", "HmacSHA3-384");

  /** Of what a stranger says. */
  private static final int SHOWN_BYTES = 32;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SocketEnd end;
  private final byte[] key;
  private final Deadline deadline;

  private Handshake(SocketEnd end, byte[] key, Deadline deadline) {
    this.end = end;
    this.key = key;
    this.deadline = deadline;
  }

  /**
   * Does so as who listens.
   *
   * @throws AuthenticationException if the peer does not have the key
   * @throws IOException if the time is over, or the peer is gone
   */
  static void listener(SocketEnd end, byte[] key, Deadline deadline)
      throws IOException, InterruptedException {
    Handshake handshake = new Handshake(end, key, deadline);
    handshake.challenge();
    handshake.answer();
  }

  /** Does so as who connects; fails likewise. */
  static void client(SocketEnd end, byte[] key, Deadline deadline)
      throws IOException, InterruptedException {
    Handshake handshake = new Handshake(end, key, deadline);
    handshake.answer();
    handshake.challenge();
  }

  private void challenge() throws IOException, InterruptedException {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    byte[] message = join(bytes('{' + DIGEST + '}'), random);
    send(join(CHALLENGE, message));
    byte[] response = receive();
    String digest = digestOf(response);
    byte[] expected = join(bytes('{' + digest + '}'), sign(digest, message));
    if (!MessageDigest.isEqual(expected, response)) {
      send(FAILURE);
      throw new AuthenticationException("peer has another key: " + end);
    }
    send(WELCOME);
  }

  private void answer() throws IOException, InterruptedException {
    byte[] challenge = receive();
    int header = CHALLENGE.length;
    if (!startsWith(challenge, CHALLENGE)) {
      throw new AuthenticationException(
          "peer speaks another protocol: "
              + end
              + ", it says "
              + HexFormat.of().formatHex(challenge, 0, Math.min(challenge.length, SHOWN_BYTES)));
    }
    byte[] message = Arrays.copyOfRange(challenge, header, challenge.length);
    if (message.length < FEWEST_BYTES) {
      throw new AuthenticationException("peer sends too short a challenge: " + end);
    }
    String digest = digestOf(message);
    send(join(bytes('{' + digest + '}'), sign(digest, message)));
    if (!Arrays.equals(receive(), WELCOME)) {
      throw new AuthenticationException("peer refuses the key: " + end);
    }
  }

  private static boolean startsWith(byte[] message, byte[] start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= message.length || message[i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  /** The name in braces at the start of a message. */
  private String digestOf(byte[] message) throws AuthenticationException {
    int close = -1;
    for (int i = 1; i < Math.min(message.length, FEWEST_BYTES) && close < 0; i++) {
      close = message[i] == '}' ? i : -1;
    }
    boolean isNamed = close > 0 && message[0] == '{';
    String name = isNamed ? new String(message, 1, close - 1, StandardCharsets.US_ASCII) : "";
    if (!ALGORITHMS.containsKey(name)) {
      throw new AuthenticationException(
          "peer names none of the digests " + Set.copyOf(ALGORITHMS.keySet()) + ": " + end);
    }
    return name;
  }

  private byte[] sign(String digest, byte[] message) {
    String algorithm = ALGORITHMS.getOrDefault(digest, "");
    try {
      Mac mac = Mac.getInstance(algorithm);
      // a key may be empty, but not the JDK's; it is padded with zeros all the same
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK without " + algorithm, e);
    }
  }

  private void send(byte[] message) throws IOException, InterruptedException {
    end.send(MemorySegment.ofArray(message), List.of());
  }

  private byte[] receive() throws IOException, InterruptedException {
    if (!end.poll(deadline)) {
      throw new SocketTimeoutException("peer does not finish the handshake in time: " + end);
    }
    byte[][] received = {{}};
    try {
      end.receive(
          length -> {
            if (length > MOST_BYTES) {
              throw new AuthenticationException("peer sends too long a message: " + end);
            }
            received[0] = new byte[(int) length];
            return MemorySegment.ofArray(received[0]);
          });
    } catch (EOFException e) {
      AuthenticationException left =
          new AuthenticationException("peer left in the middle of the handshake: " + end);
      left.initCause(e);
      throw left;
    }
    return received[0];
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
