package dev.procession.internal.logging;

import dev.procession.RemoteException;
import dev.procession.SharedName;
import dev.procession.channel.ProcessQueue;
import dev.procession.channel.QueueClosedException;
import dev.procession.internal.launch.Inherited;
import dev.procession.internal.os.SystemThreads;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes what processes that this one starts log, and logs it here. */
public final class Forwarding implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ProcessQueue<LogForm> queue = ProcessQueue.open();
  private final SharedName name;
  private final Thread logger =
      SystemThreads.own().daemon().name("procession-shared-logs").unstarted(this::log);

  private Forwarding(String name) {
    this.name = SharedName.bind(name, queue);
  }

  /**
   * Begins it, for processes that are started from now on.
   *
   * @throws java.io.UncheckedIOException if there is no room for it
   */
  public static Forwarding begin() {
    String name = "log-" + ProcessHandle.current().pid() + '-' + COUNT.incrementAndGet();
    Forwarding forwarding = new Forwarding(name);
    System.setProperty(Inherited.LOG_QUEUE, name);
    forwarding.logger.start();
    return forwarding;
  }

  private void log() {
    boolean more = true;
    while (more) {
      more = logNext();
    }
  }

  private boolean logNext() {
    try {
      log(queue.take());
      return true;
    } catch (QueueClosedException e) {
      return false;
    } catch (InterruptedException | RuntimeException e) {
      return true; // one that cannot be read, or whose logger fails, is one less
    }
  }

  private static void log(LogForm form) {
    System.Logger target = System.getLogger(form.logger());
    String message = "[" + form.process() + "] " + form.message();
    String type = form.type();
    if (type == null) {
      target.log(form.level(), message);
    } else {
      target.log(form.level(), message, new RemoteException(type, form.thrown(), form.trace()));
    }
  }

  /** Logs what has come, and no more. Idempotent. */
  @Override
  public void close() {
    if (queue.isClosed()) {
      return;
    }
    System.clearProperty(Inherited.LOG_QUEUE);
    name.close();
    queue.close();
    SystemThreads.awaitEnd(logger);
  }
}
