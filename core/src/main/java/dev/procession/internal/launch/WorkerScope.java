package dev.procession.internal.launch;

import dev.procession.internal.os.StandardError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has of its own: values, and what is to be done at its end, the latest first.
 * Thread-safe.
 */
public final class WorkerScope {
  /** Of a worker that is a process, and of everything that is none. */
  private static final WorkerScope OF_PROCESS = new WorkerScope();

  private static final ThreadLocal<WorkerScope> OF_THREAD =
      ThreadLocal.withInitial(() -> OF_PROCESS);

  /** A value, or none while it is made. */
  private static final class Value {
    final ReentrantLock making = new ReentrantLock();
    @Nullable Object value;
  }

  /**
   * When a value was made.
   *
   * @param begin as {@link System#nanoTime} tells it
   * @param end likewise
   */
  public record Making(long begin, long end) {}

  // all guarded by this
  private final List<Making> makings = new ArrayList<>();
  private final Map<Object, Value> values = new HashMap<>();
  private final Deque<AutoCloseable> closing = new ArrayDeque<>();

  /** An empty one. */
  public WorkerScope() {}

  /** That of the worker that runs this. */
  public static WorkerScope current() {
    return OF_THREAD.get();
  }

  /** This thread is a worker of its own. */
  public void enter() {
    OF_THREAD.set(this);
  }

  /**
   * A value, made by whoever asks first.
   *
   * @throws IllegalStateException if it cannot be made
   */
  @SuppressWarnings("unchecked") // of one maker
  public <T> T value(Object key, Callable<T> maker) {
    Value slot;
    synchronized (this) {
      slot = values.computeIfAbsent(key, added -> new Value());
    }
    slot.making.lock();
    try {
      if (slot.making.getHoldCount() > 1) {
        throw new IllegalStateException("value of a worker needs itself to be made");
      }
      T known = (T) slot.value;
      if (known == null) {
        long begin = System.nanoTime();
        known = make(maker);
        slot.value = known;
        made(new Making(begin, System.nanoTime()));
        if (known instanceof AutoCloseable closeable) {
          atEnd(closeable);
        }
      }
      return known;
    } finally {
      slot.making.unlock();
    }
  }

  private synchronized void made(Making making) {
    makings.add(making);
  }

  /** When values were made that were not by then. */
  public synchronized List<Making> makingsSince(long nanoTime) {
    return makings.stream().filter(making -> making.end() - nanoTime > 0).toList();
  }

  private static <T> T make(Callable<T> maker) {
    try {
      T made = maker.call();
      if (made == null) {
        throw new NullPointerException("value of a worker is null");
      }
      return made;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new IllegalStateException("value of a worker cannot be made: " + e, e);
    }
  }

  /** Something is closed at the worker's end, before what was registered earlier. */
  public synchronized void atEnd(AutoCloseable something) {
    closing.push(something);
  }

  /** The worker ends: does what is to be done then. What fails keeps nothing else from it. */
  public void end() {
    AutoCloseable next = poll();
    while (next != null) {
      try {
        next.close();
      } catch (Throwable e) {
        StandardError.print("At the end of worker \"" + Thread.currentThread().getName() + '"', e);
      }
      next = poll();
    }
  }

  private synchronized @Nullable AutoCloseable poll() {
    return closing.poll();
  }
}
