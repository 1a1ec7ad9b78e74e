package dev.procession.internal.launch;

import dev.procession.internal.os.SystemThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * JVMs that wait to be used: each once, by whoever needs one of their spec. One that is taken is
 * replaced in the background. Thread-safe.
 */
public final class Standby {
  private static final String NAME = "standby";
  private static final long QUIET_NANOS = 100_000_000;
  private static final AtomicLong LAST_TAKEN = new AtomicLong();
  private static final AtomicBoolean REFILLING = new AtomicBoolean();

  /** Guarded by itself, as are the stocks. */
  private static final Map<LaunchSpec, Stock> STOCKS = new HashMap<>();

  private Standby() {}

  private static final class Stock {
    private int wanted = 1;
    private int starting;
    private final Deque<WorkerProcess> waiting = new ArrayDeque<>();
  }

  /**
   * Sets how many JVMs of a spec shall wait, and starts those that are missing; those too many end.
   *
   * @throws WorkerStartException if one cannot be started
   * @throws InterruptedException if interrupted while they start; they go on starting
   */
  public static void prepare(LaunchSpec spec, int count)
      throws WorkerStartException, InterruptedException {
    Deque<WorkerProcess> surplus = new ArrayDeque<>();
    int missing;
    synchronized (STOCKS) {
      Stock stock = STOCKS.computeIfAbsent(spec, added -> new Stock());
      stock.wanted = count;
      stock.waiting.removeIf(worker -> worker.ended().isDone());
      while (stock.waiting.size() > count) {
        surplus.add(stock.waiting.removeLast());
      }
      missing = count - stock.waiting.size() - stock.starting;
      stock.starting += Math.max(0, missing);
    }
    for (WorkerProcess worker : surplus) {
      worker.kill();
    }
    for (int i = 0; i < missing; i++) {
      start(spec);
    }
    for (WorkerProcess worker : waiting(spec)) {
      Readiness.await(worker);
    }
  }

  private static List<WorkerProcess> waiting(LaunchSpec spec) {
    synchronized (STOCKS) {
      return List.copyOf(STOCKS.computeIfAbsent(spec, added -> new Stock()).waiting);
    }
  }

  private static void start(LaunchSpec spec) throws WorkerStartException {
    WorkerProcess worker = null;
    boolean wanted = false;
    try {
      worker = WorkerProcess.start(spec, NAME);
      Rehearsal.send(worker);
    } finally {
      synchronized (STOCKS) {
        Stock stock = STOCKS.computeIfAbsent(spec, added -> new Stock());
        stock.starting--;
        wanted = stock.waiting.size() < stock.wanted; // which may have changed meanwhile
        if (worker != null && wanted) {
          stock.waiting.add(worker);
        }
      }
      if (worker != null && !wanted) {
        worker.kill();
      }
    }
  }

  /** A JVM of the spec: a waiting one, or a new one. */
  public static WorkerProcess take(LaunchSpec spec, String name) throws WorkerStartException {
    WorkerProcess taken = poll(spec);
    refillLater(spec);
    if (taken == null) {
      return WorkerProcess.start(spec, name);
    }
    taken.rename(name);
    return taken;
  }

  private static @Nullable WorkerProcess poll(LaunchSpec spec) {
    synchronized (STOCKS) {
      Stock stock = STOCKS.computeIfAbsent(spec, added -> new Stock());
      stock.waiting.removeIf(worker -> worker.ended().isDone()); // was killed while it waited
      for (WorkerProcess worker : stock.waiting) {
        if (worker.ready().isDone()) {
          stock.waiting.remove(worker);
          return worker;
        }
      }
      return stock.waiting.poll(); // sooner ready than a new one
    }
  }

  /** Replaces what was taken when nothing has been taken for a while: a start takes a processor. */
  private static void refillLater(LaunchSpec spec) {
    LAST_TAKEN.set(System.nanoTime());
    if (REFILLING.compareAndSet(false, true)) {
      SystemThreads.own()
          .daemon()
          .name("procession-shared-standby")
          .start(() -> refillWhenQuiet(spec));
    }
  }

  private static void refillWhenQuiet(LaunchSpec spec) {
    long quiet = System.nanoTime() - LAST_TAKEN.get();
    while (quiet < QUIET_NANOS) {
      LockSupport.parkNanos(QUIET_NANOS - quiet);
      quiet = System.nanoTime() - LAST_TAKEN.get();
    }
    REFILLING.set(false);
    refill(spec);
  }

  private static void refill(LaunchSpec spec) {
    while (true) {
      synchronized (STOCKS) {
        Stock stock = STOCKS.computeIfAbsent(spec, added -> new Stock());
        if (stock.waiting.size() + stock.starting >= stock.wanted) {
          return;
        }
        stock.starting++;
      }
      try {
        start(spec);
      } catch (WorkerStartException e) {
        return; // whoever takes the next one starts it and is told why that fails
      }
    }
  }
}
