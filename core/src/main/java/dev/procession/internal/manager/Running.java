package dev.procession.internal.manager;

import org.jspecify.annotations.Nullable;

/** A call that a thread makes, and that can be cancelled. Thread-safe. */
@SuppressWarnings("Interruption") // whose client has cancelled it, or is gone
final class Running {
  private @Nullable Thread thread;
  private boolean cancelled;

  synchronized void begin() {
    thread = Thread.currentThread();
    if (cancelled) {
      thread.interrupt();
    }
  }

  synchronized void cancel() {
    cancelled = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** From now on it is not interrupted any more. */
  synchronized void end() {
    thread = null;
    if (cancelled) {
      boolean _ = Thread.interrupted();
    }
  }
}
