package dev.procession.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Something that runs in a thread of its own, which does not keep the process alive. */
public final class Aside<T> extends CompletableFuture<T> {
  private final Thread thread;

  private Aside(Callable<T> code) {
    this.thread = Thread.ofPlatform().daemon().unstarted(() -> call(code));
  }

  /** Begins it. */
  public static <T> Aside<T> run(Callable<T> code) {
    Aside<T> aside = new Aside<>(code);
    aside.thread.start();
    return aside;
  }

  private void call(Callable<T> code) {
    try {
      complete(code.call());
    } catch (Throwable e) {
      completeExceptionally(e);
    }
  }

  /** Interrupts its thread. */
  public void interrupt() {
    thread.interrupt();
  }
}
