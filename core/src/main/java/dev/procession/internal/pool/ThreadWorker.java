package dev.procession.internal.pool;

import dev.procession.RunningTask;
import dev.procession.TaskCancelledException;
import dev.procession.WorkerMemory;
import dev.procession.WorkerStats;
import dev.procession.internal.launch.CurrentTask;
import dev.procession.internal.launch.Operation;
import dev.procession.internal.launch.WorkerScope;
import dev.procession.internal.os.SystemThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker that is a thread of this process. One that is killed is interrupted, and counts as gone
 * at once: what it still does, nobody hears of.
 */
final class ThreadWorker implements Worker {
  private final String name;
  private final Events events;

  /** Nothing, when it has ended: it is remembered for a while, and a world is large. */
  private volatile Border border;

  private final Thread thread;
  private final LinkedBlockingQueue<Given> orders = new LinkedBlockingQueue<>();
  private final WorkerScope scope = new WorkerScope();
  private final long started = System.nanoTime();
  private volatile long ended;

  private final AtomicLong items = new AtomicLong();
  private final AtomicLong busyNanos = new AtomicLong();

  /** Chunks that it has. Guarded by this, as are outcomes: none is told after it was killed. */
  private final Map<Chunk, Given> given = new HashMap<>();

  private boolean gone;

  // the item that runs; guarded by this
  private @Nullable Chunk runningChunk;
  private int runningItem;
  private long runningSince;
  private long reportedAt;
  private long done;
  private long total;

  /** A chunk and how far it is: items that have begun, and those that may. */
  private static final class Given {
    final @Nullable Chunk chunk;
    // guarded by the worker
    int claimed;
    int limit;

    Given(@Nullable Chunk chunk) {
      this.chunk = chunk;
      this.limit = chunk == null ? 0 : chunk.end();
    }
  }

  /** Behind the last. */
  private static final Given END = new Given(null);

  ThreadWorker(String name, Events events, Border border) {
    this.name = name;
    this.events = events;
    this.border = border;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .inheritInheritableThreadLocals(border.isOpen())
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    border.enter();
    scope.enter();
    CurrentTask.serve(this::current);
    Submitter.become(this);
    try {
      events.ready(this);
      while (true) {
        Given next;
        try {
          next = orders.take();
        } catch (InterruptedException e) {
          continue; // was meant for a task that has ended meanwhile
        }
        Chunk chunk = next.chunk;
        if (chunk == null) {
          end();
          return;
        }
        if (!run(next, chunk)) {
          return;
        }
      }
    } finally {
      leave();
      border.leave();
      border = Border.NONE;
      Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
    }
  }

  /** No more will come. */
  private void end() {
    if (!isKilled()) {
      scope.end();
    }
  }

  private synchronized boolean isKilled() {
    return gone;
  }

  /** Runs a chunk; false if this worker was killed. */
  private boolean run(Given next, Chunk chunk) {
    long start = System.nanoTime();
    Operation operation = Operation.of(chunk.job().operation(), border.function(chunk.job()));
    int item = 0;
    for (Piece piece : chunk.pieces()) {
      for (int i = piece.from(); i < piece.to(); i++, item++) {
        if (!begin(next, chunk, item)) {
          return end(next, chunk, item, start);
        }
        if (!tell(chunk, run(operation, chunk, item, piece.parcel(), i))) {
          return false;
        }
      }
    }
    return end(next, chunk, item, start);
  }

  private Outcome run(Operation operation, Chunk chunk, int item, Parcel values, int index) {
    long start = System.nanoTime();
    try {
      Object result = operation.apply(border.item(values, index));
      return border.value(chunk.number(), item, values, result);
    } catch (Throwable e) {
      return border.failure(chunk.number(), item, values, e);
    } finally {
      CurrentTask.ends();
      runs(null, 0);
      boolean _ = Thread.interrupted(); // was meant for this item only
      items.incrementAndGet(); // before its outcome is told
      busyNanos.addAndGet(System.nanoTime() - start);
    }
  }

  /** Begins an item; false if it was taken back, or nobody hears of this worker any more. */
  private synchronized boolean begin(Given next, Chunk chunk, int item) {
    if (gone || item >= next.limit) {
      return false;
    }
    next.claimed = item + 1;
    runs(chunk, item);
    return true;
  }

  private synchronized void runs(@Nullable Chunk chunk, int item) {
    runningChunk = chunk;
    runningItem = item;
    runningSince = System.nanoTime();
    reportedAt = runningSince;
    done = 0;
    total = -1;
  }

  private synchronized CurrentTask.Progress current() {
    Chunk chunk = runningChunk;
    int item = runningItem;
    return (itsDone, itsTotal) -> report(chunk, item, itsDone, itsTotal);
  }

  @SuppressWarnings("ReferenceEquality") // a chunk is itself
  private synchronized void report(@Nullable Chunk chunk, int item, long itsDone, long itsTotal) {
    if (chunk != null && chunk == runningChunk && item == runningItem) {
      reportedAt = System.nanoTime();
      done = itsDone;
      total = itsTotal;
    }
  }

  private synchronized boolean tell(Chunk chunk, Outcome outcome) {
    if (gone) {
      return false;
    }
    chunk.take(outcome);
    chunk.show();
    return true;
  }

  private boolean end(Given done, Chunk chunk, int count, long start) {
    events.ended(this, chunk, count, System.nanoTime() - start);
    synchronized (this) {
      given.remove(chunk, done);
      return !gone;
    }
  }

  private void leave() {
    if (isLast()) {
      tellGone();
    }
  }

  /** Nothing more is told of its chunks; false if that was so before. */
  private synchronized boolean isLast() {
    boolean last = !gone;
    gone = true;
    return last;
  }

  private void tellGone() {
    ended = System.nanoTime();
    events.gone(
        this,
        null,
        (task, execution, ranFor) ->
            new TaskCancelledException("worker was ended: " + task, execution));
    synchronized (this) {
      given.clear(); // it is remembered for a while, with nothing of its tasks
    }
  }

  // for the pool

  @Override
  public boolean give(Chunk chunk) {
    Given added = new Given(chunk);
    synchronized (this) {
      if (gone) {
        return false;
      }
      given.put(chunk, added);
    }
    return orders.add(added);
  }

  @Override
  public void deliver() {
    // it sees them at once
  }

  @Override
  public synchronized int takeBack(Chunk chunk, int limit) {
    Given found = given.get(chunk);
    if (found == null) {
      return -1;
    }
    found.limit = limit;
    return Math.max(limit, found.claimed);
  }

  @Override
  public synchronized int begun(Chunk chunk) {
    Given found = given.get(chunk);
    return found == null ? chunk.end() : found.claimed;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a chunk is itself
  public synchronized @Nullable Running running(Chunk chunk) {
    if (chunk != runningChunk) {
      return null;
    }
    long now = System.nanoTime();
    return new Running(runningItem, now - runningSince, now - reportedAt, done, total);
  }

  @Override
  @SuppressWarnings({"ReferenceEquality", "Interruption"}) // a chunk is itself; somebody's wish
  public synchronized void interrupt(Chunk chunk, int item) {
    if (chunk == runningChunk && item == runningItem) {
      thread.interrupt();
    }
  }

  @Override
  public void trace(Consumer<String> answer) {
    String text = CurrentTask.trace(thread);
    SystemThreads.run(() -> answer.accept(text)); // not under the pool's lock
  }

  @Override
  public void forget(Job job) {
    border.forget(job);
  }

  @Override
  public void allowSpinning(boolean allowed) {
    // it sleeps at once
  }

  @Override
  public void finish() {
    boolean _ = orders.add(END);
  }

  @Override
  @SuppressWarnings("Interruption") // its tasks are what the pool is told to end
  public void kill() {
    if (isLast()) {
      thread.interrupt();
      boolean _ = orders.add(END);
      SystemThreads.run(this::tellGone); // not under the pool's lock
    }
  }

  @Override
  public void killWithDescendants() {
    kill(); // whose a process is that a thread has started, nobody knows
  }

  @Override
  public long residentMemory() {
    return -1; // it has none of its own
  }

  @Override
  public boolean isGone() {
    return ended != 0;
  }

  @Override
  public WorkerStats stats(@Nullable RunningTask runningTask) {
    long end = ended == 0 ? System.nanoTime() : ended;
    return new WorkerStats(
        name,
        ProcessHandle.current().pid(),
        ended == 0,
        items.get(),
        Duration.ofNanos(busyNanos.get()),
        Duration.ofNanos(end - started),
        Optional.ofNullable(runningTask),
        WorkerMemory.unknown());
  }
}
