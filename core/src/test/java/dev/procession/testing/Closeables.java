package dev.procession.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to close, the last one first. */
final class Closeables implements AutoCloseable {
  private final Deque<AutoCloseable> closeables = new ArrayDeque<>();

  void push(AutoCloseable closeable) {
    closeables.push(closeable);
  }

  @Override
  public void close() throws Exception {
    while (!closeables.isEmpty()) {
      closeables.pop().close();
    }
  }
}
