package dev.procession.internal.logging;

import dev.procession.channel.ProcessQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Puts each record on a queue, whole. Where nobody takes them any more, they are dropped. */
final class ForwardHandler extends Handler {
  private final ProcessQueue<LogForm> queue;

  ForwardHandler(ProcessQueue<LogForm> queue) {
    this.queue = queue;
  }

  @Override
  public void publish(LogRecord logged) {
    if (!isLoggable(logged)) {
      return;
    }
    try {
      boolean _ = queue.offer(LogForm.of(logged));
    } catch (RuntimeException e) {
      return; // it is closed: who logs must not fail for that
    }
  }

  @Override
  public void flush() {
    // nothing is kept
  }

  @Override
  public void close() {
    // the queue is of who has opened it
  }
}
