package dev.procession.internal.socket;

import dev.procession.internal.os.SystemThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Tells of sockets that become readable, for who waits for several things at once: one daemon
 * thread for the whole process, made when it is first needed. Thread-safe.
 */
final class SocketWatch {
  private static final SocketWatch INSTANCE = new SocketWatch();

  private final Selector selector;

  /** What the thread is to look at. Guarded by itself. */
  private final Queue<Request> requests = new ArrayDeque<>();

  private record Request(SocketChannel channel, Runnable told) {}

  private SocketWatch() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SystemThreads.own().daemon().name("procession-shared-sockets").start(this::run);
  }

  /** Tells, once, when the channel has something to read or is closed. */
  static void add(SocketChannel channel, Runnable told) {
    synchronized (INSTANCE.requests) {
      INSTANCE.requests.add(new Request(channel, told));
    }
    INSTANCE.selector.wakeup();
  }

  /** A socket that is closed stays open in the system until the selector has noticed. */
  static void forgetClosed() {
    INSTANCE.selector.wakeup();
  }

  private void run() {
    while (true) {
      try {
        register();
        selector.select(SocketWatch::tell);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // as when there are no file descriptors: cannot go on
      }
    }
  }

  private void register() {
    while (true) {
      Request request;
      synchronized (requests) {
        request = requests.poll();
      }
      if (request == null) {
        return;
      }
      try {
        request.channel().register(selector, SelectionKey.OP_READ, request.told());
      } catch (ClosedChannelException | CancelledKeyException e) {
        request.told().run();
      }
    }
  }

  private static void tell(SelectionKey key) {
    Runnable told = (Runnable) key.attachment();
    try {
      key.interestOps(0);
    } catch (CancelledKeyException e) {
      // closed: whoever waits shall see that
    }
    told.run();
  }
}
