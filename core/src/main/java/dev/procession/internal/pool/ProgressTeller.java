package dev.procession.internal.pool;

import dev.procession.BulkProgress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Tells how far a call is that nobody waits in: in threads of its own, one after the other, and
 * never less than before. Thread-safe.
 */
final class ProgressTeller {
  private final BulkProgress progress;
  private final int total;
  private final Completions threads;
  private final Consumer<Throwable> failed;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicBoolean telling = new AtomicBoolean();

  /** What was told last; nothing more once it has failed. Written under the lock of this. */
  private volatile int told = -1;

  /**
   * @param failed hears what the progress throws
   */
  ProgressTeller(
      BulkProgress progress, int total, Completions threads, Consumer<Throwable> failed) {
    this.progress = progress;
    this.total = total;
    this.threads = threads;
    this.failed = failed;
  }

  /** An item has ended; does not tell it. */
  void ended() {
    done.incrementAndGet();
  }

  /** Tells what is new, later. */
  void tellLater() {
    if (told < done.get() && telling.compareAndSet(false, true)) {
      threads.run(this::tellAll);
    }
  }

  private void tellAll() {
    tell();
    telling.set(false);
    tellLater(); // what came when it was about to stop
  }

  /** Tells what is new, in this thread. */
  synchronized void tell() {
    int now = done.get();
    try {
      if (told < 0) {
        told = 0;
        progress.update(0, total);
      }
      if (now > told) {
        told = now;
        progress.update(now, total);
      }
    } catch (Throwable e) {
      told = Integer.MAX_VALUE;
      failed.accept(e);
    }
  }
}
