package dev.procession.internal.socket;

import dev.procession.internal.shared.Deadline;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The bytes of a socket as they are. */
final class PlainWire implements Wire {
  private static final int SILENT_SECONDS = 5;
  private static final int ASKING_SECONDS = 2;
  private static final int ASKED_TIMES = 3;

  private final SocketChannel channel;
  private final Readiness readable;
  private final Readiness writable;

  /** Whether the channel may be with the thread that tells. */
  private volatile boolean watched;

  /** Owns the channel from now on; closes it if this fails. */
  PlainWire(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.readable = new Readiness(channel, SelectionKey.OP_READ);
    this.writable = new Readiness(channel, SelectionKey.OP_WRITE);
    boolean done = false;
    try {
      channel.configureBlocking(false);
      if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        keepAlive(channel);
      }
      done = true;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  /**
   * Lets the system ask a peer that is silent whether it is still there, so that one whose machine
   * or network is gone is noticed within seconds (RFC 9293, 3.8.4; tcp(7)). Not where it cannot be
   * said how soon: then after hours.
   */
  private static void keepAlive(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    for (SocketOption<?> option : channel.supportedOptions()) {
      switch (option.name()) { // of a module that need not be there
        case "TCP_KEEPIDLE" -> set(channel, option, SILENT_SECONDS);
        case "TCP_KEEPINTERVAL" -> set(channel, option, ASKING_SECONDS);
        case "TCP_KEEPCOUNT" -> set(channel, option, ASKED_TIMES);
        default -> {}
      }
    }
  }

  @SuppressWarnings("unchecked") // as each of them is described
  private static void set(SocketChannel channel, SocketOption<?> option, int value)
      throws IOException {
    channel.setOption((SocketOption<Integer>) option, value);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public boolean write(ByteBuffer source) throws IOException {
    channel.write(source);
    return !source.hasRemaining();
  }

  @Override
  public boolean awaitReadable(Deadline deadline) throws IOException, InterruptedException {
    return readable.await(deadline);
  }

  @Override
  public boolean awaitWritable(Deadline deadline) throws IOException, InterruptedException {
    return writable.await(deadline);
  }

  @Override
  public void watch(Runnable told) {
    watched = true;
    SocketWatch.add(channel, told);
  }

  @Override
  public void close() {
    try (channel) {
      readable.close();
      writable.close();
    } catch (IOException e) {
      return; // it is gone all the same
    } finally {
      if (watched) {
        SocketWatch.forgetClosed();
      }
    }
  }

  @Override
  public String toString() {
    try {
      return String.valueOf(channel.getRemoteAddress());
    } catch (IOException e) {
      return "closed";
    }
  }
}
