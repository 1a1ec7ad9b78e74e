package dev.procession.internal.socket;

import java.io.ObjectInputFilter;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of a connection over a socket can choose.
 *
 * @param key that the peer must have, too
 * @param handshake how long it may take until the peer has shown that
 * @param longest message in bytes that is received
 * @param filter what objects may be made of, or null if who has the key is trusted
 * @param tls with which keys and certificates to encrypt, or null not to
 * @param bothCertified whether also who connects must have a certificate
 */
public record SocketSpec(
    byte[] key,
    Duration handshake,
    long longest,
    @Nullable ObjectInputFilter filter,
    @Nullable SSLContext tls,
    boolean bothCertified) {
  /** A copy with another filter. */
  public SocketSpec withFilter(ObjectInputFilter other) {
    return new SocketSpec(key, handshake, longest, other, tls, bothCertified);
  }
}
