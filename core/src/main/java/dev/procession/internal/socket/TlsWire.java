package dev.procession.internal.socket;

import dev.procession.internal.shared.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** The bytes of a socket as TLS 1.3 (RFC 8446) encrypts them. */
final class TlsWire implements Wire {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final PlainWire plain;
  private final SSLEngine engine;

  // of who reads; buffers are ready to be read from
  private final ByteBuffer encryptedIn;
  private final ByteBuffer decrypted;

  /** Likewise; guarded by this, as also who reads has to answer now and then. */
  private final ByteBuffer encryptedOut;

  private TlsWire(PlainWire plain, SSLEngine engine) {
    this.plain = plain;
    this.engine = engine;
    int packet = engine.getSession().getPacketBufferSize();
    this.encryptedIn = ByteBuffer.allocate(packet).flip();
    this.decrypted = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    this.encryptedOut = ByteBuffer.allocate(packet).flip();
  }

  /** Encrypts as who listens; the peer shows its certificate if it is asked to. */
  static Wire listener(
      PlainWire plain, SSLContext context, boolean bothCertified, Deadline deadline)
      throws IOException, InterruptedException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters();
    parameters.setNeedClientAuth(bothCertified);
    engine.setSSLParameters(parameters);
    return begin(plain, engine, deadline);
  }

  /** Encrypts as who has connected to an address, for which the peer must have a certificate. */
  static Wire client(PlainWire plain, SSLContext context, SocketAddress address, Deadline deadline)
      throws IOException, InterruptedException {
    if (!(address instanceof InetSocketAddress inet)) {
      throw new IOException("TLS is for TCP only: address=" + address);
    }
    SSLEngine engine = context.createSSLEngine(inet.getHostString(), inet.getPort());
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name in the certificate
    engine.setSSLParameters(parameters);
    return begin(plain, engine, deadline);
  }

  private static SSLParameters parameters() {
    return new SSLParameters(null, new String[] {"TLSv1.3"});
  }

  private static Wire begin(PlainWire plain, SSLEngine engine, Deadline deadline)
      throws IOException, InterruptedException {
    TlsWire wire = new TlsWire(plain, engine);
    engine.beginHandshake();
    wire.shake(deadline);
    return wire;
  }

  private void shake(Deadline deadline) throws IOException, InterruptedException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> {
          while (!answer()) {
            inTime(plain.awaitWritable(deadline));
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!decrypt()) {
            int count = fill();
            if (count < 0) {
              throw new SSLException("peer left in the middle of the TLS handshake: " + plain);
            }
            if (count == 0) {
              inTime(plain.awaitReadable(deadline));
            }
          }
        }
        default -> {
          while (!flush()) {
            inTime(plain.awaitWritable(deadline));
          }
          return;
        }
      }
    }
  }

  private void inTime(boolean isReady) throws IOException {
    if (!isReady) {
      throw new SocketTimeoutException("peer does not finish the TLS handshake in time: " + plain);
    }
  }

  private void runTasks() {
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  // reading

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (!decrypted.hasRemaining()) {
      if (engine.isInboundDone()) {
        return -1;
      }
      if (decrypt()) {
        continue;
      }
      int count = fill();
      if (count < 0) {
        engine.closeInbound(); // fails unless the peer has said that this is the end
        return -1;
      }
      if (count == 0) {
        return 0;
      }
    }
    int count = Math.min(target.remaining(), decrypted.remaining());
    target.put(target.position(), decrypted, decrypted.position(), count);
    target.position(target.position() + count);
    decrypted.position(decrypted.position() + count);
    return count;
  }

  /** Decrypts what has come; false if more must come first. */
  private boolean decrypt() throws IOException {
    decrypted.clear();
    SSLEngineResult result;
    try {
      result = engine.unwrap(encryptedIn, decrypted);
    } finally {
      decrypted.flip();
    }
    if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
      return false;
    }
    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      boolean _ = answer(); // what there is no room for goes with the next that is written
    }
    return result.getStatus() != SSLEngineResult.Status.CLOSED || result.bytesConsumed() > 0;
  }

  private int fill() throws IOException {
    encryptedIn.compact();
    try {
      return plain.read(encryptedIn);
    } finally {
      encryptedIn.flip();
    }
  }

  // writing

  @Override
  public synchronized boolean write(ByteBuffer source) throws IOException {
    boolean done = flush();
    while (done && source.hasRemaining()) {
      encrypt(source);
      done = flush();
    }
    return done;
  }

  /** Sends what the engine itself has to say; false if there is no room for all of it. */
  private synchronized boolean answer() throws IOException {
    boolean done = flush();
    if (done && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      encrypt(NOTHING);
      done = flush();
    }
    return done;
  }

  private void encrypt(ByteBuffer source) throws IOException {
    encryptedOut.clear();
    try {
      SSLEngineResult result = engine.wrap(source, encryptedOut);
      if (result.getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
        throw new SSLException("TLS has ended: " + plain);
      }
    } finally {
      encryptedOut.flip();
    }
  }

  private boolean flush() throws IOException {
    return !encryptedOut.hasRemaining() || plain.write(encryptedOut);
  }

  // the rest is as without

  @Override
  public boolean awaitReadable(Deadline deadline) throws IOException, InterruptedException {
    return plain.awaitReadable(deadline);
  }

  @Override
  public boolean awaitWritable(Deadline deadline) throws IOException, InterruptedException {
    return plain.awaitWritable(deadline);
  }

  @Override
  public void watch(Runnable told) {
    plain.watch(told);
  }

  /** Says so to the peer if there is room for that now. */
  @Override
  public void close() {
    engine.closeOutbound();
    try (plain) {
      boolean _ = answer();
    } catch (IOException e) {
      return; // the peer is gone
    }
  }

  @Override
  public String toString() {
    return "TLS " + plain;
  }
}
