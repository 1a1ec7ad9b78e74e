package dev.procession.internal.socket;

import dev.procession.internal.shared.Deadline;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The bytes of a socket as they are. */
final class PlainWire implements Wire {
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
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      }
      done = true;
    } finally {
      if (!done) {
        channel.close();
      }
    }
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
