package dev.procession.internal.interpreter;

import dev.procession.internal.os.SystemThreads;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a world, which runs one piece of code at a time: what code keeps in variables of
 * its thread stays with the world, and ends with it. Starts when it is first used; a daemon.
 */
public final class Runner {
  private final String name;
  private final ClassLoader loader;
  private final AtomicBoolean running = new AtomicBoolean();
  private final LinkedBlockingQueue<Order<?>> orders = new LinkedBlockingQueue<>();

  /** Behind the last. */
  private final Order<?> end = new Order<>(() -> "");

  /** Guarded by this. */
  private @Nullable Thread thread;

  /** Something to run, which can be interrupted as long as it is not over. */
  private static final class Order<R> extends FutureTask<R> {
    // guarded by this
    private @Nullable Thread runs;
    private boolean isInterrupted;

    Order(Callable<R> code) {
      super(code);
    }

    @Override
    public void run() {
      begin();
      super.run();
      end();
    }

    private synchronized void begin() {
      runs = Thread.currentThread();
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void end() {
      runs = null;
      boolean _ = Thread.interrupted(); // was meant for this only
    }

    /** Also before it has begun. */
    @SuppressWarnings("Interruption") // of who waits for it
    synchronized void interrupt() {
      isInterrupted = true;
      if (runs != null) {
        runs.interrupt();
      }
    }
  }

  /**
   * @param loader where code looks for classes by name
   */
  public Runner(String name, ClassLoader loader) {
    this.name = name;
    this.loader = loader;
  }

  /** Whether it runs something. */
  public boolean isRunning() {
    return running.get();
  }

  /**
   * Reserves it for this thread, which runs something then and lets it go.
   *
   * @return false if it is in use
   */
  public boolean reserve() {
    return running.compareAndSet(false, true);
  }

  /** Lets it go. */
  public void release() {
    running.set(false);
  }

  /**
   * Runs something and waits for its end. An interrupt of who waits goes on to what runs.
   *
   * @param code that does not throw
   */
  public <R> R run(Supplier<R> code) {
    start();
    Order<R> task = new Order<>(code::get);
    boolean _ = orders.add(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          task.interrupt();
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("what runs in an interpreter threw", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void start() {
    if (thread == null) {
      thread = SystemThreads.own().daemon().name(name).unstarted(this::loop);
      thread.setContextClassLoader(loader);
      thread.start();
    }
  }

  @SuppressWarnings("ReferenceEquality") // the end is itself
  private void loop() {
    while (true) {
      try {
        Order<?> next = orders.take();
        if (next == end) {
          return;
        }
        Thread.currentThread().setContextClassLoader(loader); // whatever was set before
        next.run();
      } catch (InterruptedException e) {
        // by somebody who has found the thread while it had nothing to do
      }
    }
  }

  /** Ends the thread when it has nothing to do. */
  public void end() {
    boolean _ = orders.add(end);
  }

  /** The thread, if it was used; for who waits for its end. */
  public synchronized Optional<Thread> thread() {
    return Optional.ofNullable(thread);
  }
}
