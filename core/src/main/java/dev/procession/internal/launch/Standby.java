package dev.procession.internal.launch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JVMs that wait to be used: each once, by whoever needs one of their spec. One that is taken is
 * replaced in the background. Thread-safe.
 */
public final class Standby {
  private static final String NAME = "standby";

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
      while (stock.waiting.size() > count) {
        surplus.add(stock.waiting.removeLast());
      }
      missing = count - stock.waiting.size() - stock.starting;
      stock.starting += Math.max(0, missing);
    }
    for (WorkerProcess worker : surplus) {
      worker.kill();
    }
    Deque<WorkerProcess> started = new ArrayDeque<>();
    for (int i = 0; i < missing; i++) {
      started.add(start(spec));
    }
    for (WorkerProcess worker : started) {
      Readiness.await(worker);
    }
  }

  private static WorkerProcess start(LaunchSpec spec) throws WorkerStartException {
    WorkerProcess worker = null;
    try {
      worker = WorkerProcess.start(spec, NAME);
      Rehearsal.send(worker);
      return worker;
    } finally {
      synchronized (STOCKS) {
        Stock stock = STOCKS.computeIfAbsent(spec, added -> new Stock());
        stock.starting--;
        if (worker != null) {
          stock.waiting.add(worker);
        }
      }
    }
  }

  /** A JVM of the spec: a waiting one, or a new one. */
  public static WorkerProcess take(LaunchSpec spec, String name) throws WorkerStartException {
    WorkerProcess taken = poll(spec);
    Thread.ofPlatform().daemon().name("procession-shared-standby").start(() -> refill(spec));
    if (taken == null) {
      return WorkerProcess.start(spec, name);
    }
    taken.rename(name);
    return taken;
  }

  private static @Nullable WorkerProcess poll(LaunchSpec spec) {
    synchronized (STOCKS) {
      Stock stock = STOCKS.computeIfAbsent(spec, added -> new Stock());
      WorkerProcess next = stock.waiting.poll();
      while (next != null && next.ended().isDone()) {
        next = stock.waiting.poll(); // was killed while it waited
      }
      return next;
    }
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
