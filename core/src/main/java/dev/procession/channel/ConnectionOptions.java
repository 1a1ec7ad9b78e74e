package dev.procession.channel;

import dev.procession.internal.launch.ProgramKey;
import dev.procession.internal.socket.OptionSpecs;
import dev.procession.internal.socket.PlainValues;
import dev.procession.internal.socket.SocketSpec;
import java.io.ObjectInputFilter;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a connection over a socket is to be like, at either end: whom to trust, and with what.
 * Immutable and thread-safe; a value to be kept and used again.
 */
public final class ConnectionOptions {
  // a setter changes a copy that nobody else has yet, so that an instance never changes once seen

  static {
    OptionSpecs.readBy(options -> ((ConnectionOptions) options).spec());
  }

  private byte @Nullable [] key;
  private Duration handshakeTimeout = Duration.ofSeconds(10);
  private long maxMessageBytes = 256L << 20;
  private Set<String> packages;
  private @Nullable ObjectInputFilter filter;
  private @Nullable SSLContext tls;
  private boolean clientCertificate;

  private ConnectionOptions(Set<String> packages) {
    this.packages = packages;
  }

  private ConnectionOptions copy() {
    ConnectionOptions copy = new ConnectionOptions(packages);
    copy.key = key;
    copy.handshakeTimeout = handshakeTimeout;
    copy.maxMessageBytes = maxMessageBytes;
    copy.filter = filter;
    copy.tls = tls;
    copy.clientCertificate = clientCertificate;
    return copy;
  }

  /** The defaults, as each method says, for code of a class. */
  static ConnectionOptions defaults(Class<?> caller) {
    return new ConnectionOptions(Set.of(caller.getPackageName()));
  }

  /**
   * What a connection is to be like, for the library itself.
   *
   * @param caller whose package objects may be of
   * @param options makes the options from the default ones
   * @return the options
   */
  public static ConnectionOptions of(Class<?> caller, UnaryOperator<ConnectionOptions> options) {
    return options.apply(defaults(caller));
  }

  /**
   * Chooses the key that both sides must have; by default that of the program, which all its
   * processes have and nobody else. It is never sent. Who has it may have objects decoded here.
   *
   * @param newKey any number of bytes; 32 that nobody can guess are enough. They are copied
   * @return a copy with that
   */
  public ConnectionOptions withKey(byte[] newKey) {
    ConnectionOptions copy = copy();
    copy.key = newKey.clone();
    return copy;
  }

  /**
   * Chooses how long it may take until a peer is connected and has shown that it has the key; by
   * default 10 seconds.
   *
   * @param timeout positive
   * @return a copy with that
   */
  public ConnectionOptions withHandshakeTimeout(Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("not positive: timeout=" + timeout);
    }
    ConnectionOptions copy = copy();
    copy.handshakeTimeout = timeout;
    return copy;
  }

  /**
   * Chooses how long messages may be that are received; by default 256 MiB. One that is longer ends
   * the connection, before anything is allocated for it.
   *
   * @param bytes at least 256
   * @return a copy with that
   */
  public ConnectionOptions withMaxMessageBytes(long bytes) {
    if (bytes < 256) {
      throw new IllegalArgumentException("too few: bytes=" + bytes);
    }
    ConnectionOptions copy = copy();
    copy.maxMessageBytes = bytes;
    return copy;
  }

  /**
   * Allows objects of the classes of a package and those below it, besides what is allowed: by
   * default plain values of the JDK, and the package of the class that makes the connection, with
   * those below it.
   *
   * @param packageName as {@code com.example.orders}
   * @return a copy with that
   */
  public ConnectionOptions withAllowedPackage(String packageName) {
    ConnectionOptions copy = copy();
    Set<String> more = new TreeSet<>(packages);
    more.add(packageName);
    copy.packages = Set.copyOf(more);
    return copy;
  }

  /**
   * Chooses what objects may be made of, instead of {@linkplain #withAllowedPackage packages}: what
   * the filter does not allow is not decoded.
   *
   * @param newFilter is asked for each class; for any thread
   * @return a copy with that
   */
  public ConnectionOptions withFilter(ObjectInputFilter newFilter) {
    ConnectionOptions copy = copy();
    copy.filter = newFilter;
    return copy;
  }

  /**
   * Encrypts with TLS 1.3; by default nothing is encrypted. The listener shows its certificate, and
   * who connects must trust it; the key is needed besides. Over TCP only.
   *
   * @param context with the keys and the certificates that are trusted
   * @return a copy with that
   */
  public ConnectionOptions withTls(SSLContext context) {
    ConnectionOptions copy = copy();
    copy.tls = context;
    return copy;
  }

  /**
   * Chooses whether a listener asks for a certificate also from who connects, see {@link #withTls};
   * by default it does not.
   *
   * @param required true to ask for one
   * @return a copy with that
   */
  public ConnectionOptions withClientCertificate(boolean required) {
    ConnectionOptions copy = copy();
    copy.clientCertificate = required;
    return copy;
  }

  SocketSpec spec() {
    byte[] chosen = key;
    ObjectInputFilter its = filter;
    return new SocketSpec(
        chosen == null ? ProgramKey.get() : chosen,
        handshakeTimeout,
        maxMessageBytes,
        its == null ? new PlainValues(packages) : its,
        tls,
        clientCertificate);
  }
}
