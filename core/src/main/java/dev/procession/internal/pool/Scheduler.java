package dev.procession.internal.pool;

import dev.procession.ProcessStartException;
import dev.procession.WorkerStats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands work to workers: owns the queue, and decides who runs what.
 *
 * <pre>
 *   open ──close()──► closing ──no work left──► finishing ──no worker left──► closed
 *     └──────────────terminate(), or workers cannot be started──────────────────►┘
 * </pre>
 *
 * <p>A worker has at most two chunks, one that it runs and one that follows, so that it need not
 * wait for this process in between. When the queue is empty, a worker that has nothing to do is
 * given what another has not begun.
 *
 * <p>When a worker is gone, the item it was running fails, unless its outcome was told already.
 * What it had not begun goes back to the front of the queue; but after {@value #MOST_ATTEMPTS}
 * workers that ended with a piece before they had begun any of it, the piece fails, for it is
 * likely the cause.
 */
final class Scheduler implements Worker.Events {
  private static final int MOST_CHUNKS = 2;
  private static final int MOST_ATTEMPTS = 3;

  /** Workers that may fail to start one after the other before the pool gives up. */
  private static final int MOST_START_FAILURES = 3;

  /** Small tasks are handed over together up to about this time. */
  private static final double MERGED_NANOS = 200_000;

  private static final int MOST_MERGED = 128;
  private static final int MOST_MERGED_BYTES = 32 * 1024;

  /** It is not worth the trouble to take back what takes less than this. */
  private static final double WORTH_TAKING_NANOS = 100_000;

  /** A worker that can take chunks, and those that it has, oldest first. */
  private record Slot(Worker worker, List<Chunk> chunks) {
    Slot(Worker worker) {
      this(worker, new ArrayList<>());
    }

    int begun(Chunk chunk) {
      return Math.clamp(worker.begun(chunk), 0, chunk.end());
    }
  }

  /** After this, a worker that has not begun a cheap item is taken to be stuck with another. */
  private static final long STUCK_NANOS = 3_000_000;

  private enum State {
    OPEN,
    CLOSING,
    FINISHING,
    CLOSED
  }

  /** Starts workers. */
  interface Recruiter {
    /** Starts a worker; called without the lock. */
    Worker recruit(Worker.Events events) throws ProcessStartException;
  }

  private final int wanted;
  private final Recruiter recruiter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong chunkNumbers = new AtomicLong();

  // guarded by the lock
  private final Deque<Piece> queue = new ArrayDeque<>();
  private final List<Slot> ready = new ArrayList<>();
  private final List<Worker> all = new ArrayList<>();
  private int living;
  private int startFailures;
  private State state = State.OPEN;
  private @Nullable ProcessStartException lastFailure;
  private boolean lookingAgain;
  private boolean terminated;
  private @Nullable ProcessStartException broken;

  Scheduler(int wanted, Recruiter recruiter) {
    this.wanted = wanted;
    this.recruiter = recruiter;
  }

  // workers coming and going

  /** Starts the workers that are missing; fails with what kept the first from starting. */
  void recruit() throws ProcessStartException {
    while (isMissingOne()) {
      Worker worker;
      try {
        worker = recruiter.recruit(this);
      } catch (ProcessStartException e) {
        lost(e);
        throw e;
      }
      lock.lock();
      try {
        all.add(worker);
        if (state == State.CLOSED) {
          worker.kill();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean isMissingOne() {
    lock.lock();
    try {
      boolean needed = state == State.OPEN || (state == State.CLOSING && hasWork());
      if (!needed || living >= wanted || broken != null) {
        return false;
      }
      living++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A worker that was counted as living never came to be. */
  private void lost(ProcessStartException why) {
    lock.lock();
    try {
      living--;
      startFailed(why);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void startFailed(ProcessStartException why) {
    startFailures++;
    lastFailure = why;
    if (startFailures >= MOST_START_FAILURES && living == 0) {
      broken = why;
      state = State.CLOSED;
      drain(why);
    }
  }

  @Override
  public void ready(Worker worker) {
    lock.lock();
    try {
      startFailures = 0;
      ready.add(new Slot(worker));
      worker.allowSpinning(wanted < Runtime.getRuntime().availableProcessors());
      if (state == State.FINISHING) {
        worker.finish();
      }
      dispatch();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void gone(
      Worker worker, @Nullable ProcessStartException startFailure, Chunk.DeathOf itsDeath) {
    List<Runnable> casualties = new ArrayList<>();
    lock.lock();
    try {
      Chunk.DeathOf death = terminated ? task -> cancelled() : itsDeath;
      living--;
      Slot slot = slotOf(worker);
      if (slot != null) {
        ready.remove(slot);
        for (Chunk chunk : slot.chunks().reversed()) {
          bury(slot.begun(chunk), chunk, death, casualties);
        }
      }
      if (startFailure != null && state != State.CLOSED) {
        startFailed(startFailure);
      }
      if (state == State.CLOSED) {
        drain(cancelled());
      }
      dispatch();
      finishIfDone();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    casualties.forEach(Runnable::run);
    try {
      recruit();
    } catch (ProcessStartException e) {
      return; // counted; the pool gives up after some
    }
  }

  @SuppressWarnings("ReferenceEquality") // a worker is itself
  private @Nullable Slot slotOf(Worker worker) {
    for (Slot slot : ready) {
      if (slot.worker() == worker) {
        return slot;
      }
    }
    return null;
  }

  private void bury(int begun, Chunk chunk, Chunk.DeathOf death, List<Runnable> casualties) {
    List<Piece> notBegun = chunk.cut(begun);
    for (int item = 0; item < begun; item++) {
      if (!chunk.isDone(item)) {
        int victim = item;
        casualties.add(() -> chunk.died(victim, death));
      }
    }
    for (Piece piece : notBegun.reversed()) {
      Piece again = begun == 0 ? piece.attempted() : piece;
      if (again.attempts() >= MOST_ATTEMPTS) {
        casualties.add(() -> again.fail(death.of(again.work().describe(again.index(0)))));
      } else {
        queue.addFirst(again);
      }
    }
  }

  @Override
  public void ended(Worker worker, Chunk chunk, int items, long nanos) {
    lock.lock();
    try {
      chunk.job().learn(items, nanos);
      Slot slot = slotOf(worker);
      if (slot != null) {
        slot.chunks().remove(chunk);
      }
      for (Piece piece : chunk.cut(items).reversed()) {
        queue.addFirst(piece); // was decided against at the last moment
      }
      dispatch();
      finishIfDone();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // work coming

  /**
   * Queues a piece.
   *
   * @throws RejectedExecutionException if the pool takes no more work; with the reason as cause if
   *     workers cannot be started
   */
  void submit(Piece piece) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        throw new RejectedExecutionException(
            broken == null ? "pool is closed" : "pool cannot start workers", broken);
      }
      queue.addLast(piece);
      dispatch();
    } finally {
      lock.unlock();
    }
  }

  /** A job has ended: its function will not be needed again. */
  void forget(Job job) {
    lock.lock();
    try {
      for (Slot slot : ready) {
        slot.worker().forget(job);
      }
    } finally {
      lock.unlock();
    }
    job.discard();
  }

  /** Gives away what the queue has, as long as somebody can take it. */
  private void dispatch() {
    while (!queue.isEmpty()) {
      Slot slot = leastBusy();
      if (slot == null || !give(slot)) {
        return;
      }
    }
    shareOut();
  }

  private @Nullable Slot leastBusy() {
    Slot best = null;
    int fewest = MOST_CHUNKS;
    for (Slot slot : ready) {
      if (slot.chunks().size() < fewest) {
        fewest = slot.chunks().size();
        best = slot;
      }
    }
    return best;
  }

  /** Gives a worker the next of the queue; false if it could not take it. */
  private boolean give(Slot slot) {
    List<Piece> pieces = next();
    if (pieces.isEmpty()) {
      return true; // nobody wanted what there was
    }
    Chunk chunk = new Chunk(chunkNumbers.incrementAndGet(), pieces);
    if (slot.worker().give(chunk)) {
      slot.chunks().add(chunk);
      return true;
    }
    for (Piece piece : pieces.reversed()) {
      queue.addFirst(piece);
    }
    return false;
  }

  /** Takes pieces of one job off the queue: one, or several small ones. */
  private List<Piece> next() {
    List<Piece> pieces = new ArrayList<>();
    int items = 0;
    int bytes = 0;
    int most = 1;
    while (!queue.isEmpty()) {
      Piece piece = queue.peekFirst();
      if (piece.work().isDropped()) {
        queue.removeFirst();
        piece.fail(new CancellationException());
        continue;
      }
      boolean fits =
          pieces.isEmpty()
              || (piece.job() == pieces.getFirst().job()
                  && items + piece.count() <= most
                  && bytes + piece.bytes() <= MOST_MERGED_BYTES);
      if (!fits) {
        break;
      }
      pieces.add(queue.removeFirst());
      items += piece.count();
      bytes += piece.bytes();
      most = mostMerged(piece.job());
    }
    return pieces;
  }

  /** How many items of small tasks may go together: few enough to leave some for every worker. */
  private int mostMerged(Job job) {
    double cost = job.nanosPerItem();
    if (cost < 0) {
      return 1;
    }
    int share = 1 + queue.size() / (2 * wanted);
    return (int) Math.clamp(MERGED_NANOS / Math.max(cost, 1), 1, Math.min(share, MOST_MERGED));
  }

  /** The queue is empty: lets workers without work have what others have not begun. */
  private void shareOut() {
    for (Slot idle : ready) {
      if (idle.chunks().isEmpty() && !takeFromBusiest(idle)) {
        lookAgainLater();
        return;
      }
    }
  }

  /** What was not worth taking is, if it is still not begun after a while: its worker is stuck. */
  private void lookAgainLater() {
    boolean somethingWaits = false;
    for (Slot slot : ready) {
      somethingWaits |= waitingItems(slot) > 0;
    }
    if (somethingWaits && !lookingAgain) {
      lookingAgain = true;
      Timer.after(STUCK_NANOS, this::lookAgain);
    }
  }

  private void lookAgain() {
    lock.lock();
    try {
      lookingAgain = false;
      dispatch();
    } finally {
      lock.unlock();
    }
  }

  private static int waitingItems(Slot slot) {
    int items = 0;
    for (Chunk chunk : slot.chunks()) {
      items += chunk.end() - slot.begun(chunk);
    }
    return items;
  }

  private boolean takeFromBusiest(Slot idle) {
    Slot busiest = null;
    double most = WORTH_TAKING_NANOS;
    for (Slot slot : ready) {
      double waiting = waiting(slot);
      if (waiting > most) {
        most = waiting;
        busiest = slot;
      }
    }
    if (busiest == null) {
      return false;
    }
    List<Piece> taken = takeHalf(busiest);
    for (Piece piece : taken.reversed()) {
      queue.addFirst(piece);
    }
    return !taken.isEmpty() && give(idle);
  }

  /**
   * Nanoseconds of work that a worker has not begun; work that is old, or of unknown cost, counts.
   */
  private static double waiting(Slot slot) {
    double nanos = 0;
    for (Chunk chunk : slot.chunks()) {
      double cost = chunk.job().nanosPerItem();
      boolean counts = cost < 0 || chunk.age() > STUCK_NANOS;
      double counted = counts ? Math.max(cost, 2 * WORTH_TAKING_NANOS) : cost;
      nanos += (chunk.end() - slot.begun(chunk)) * counted;
    }
    return nanos;
  }

  /** Takes from the latest chunk that has something left which is not begun. */
  private static List<Piece> takeHalf(Slot slot) {
    List<Chunk> chunks = slot.chunks();
    for (int i = chunks.size() - 1; i >= 0; i--) {
      Chunk chunk = chunks.get(i);
      int begun = slot.begun(chunk);
      int rest = chunk.end() - begun;
      if (rest > 0) {
        // the worker keeps the smaller half, which of one item is none
        int from = slot.worker().takeBack(chunk, begun + rest / 2);
        return from < 0 ? List.of() : chunk.cut(from);
      }
    }
    return List.of();
  }

  // the end

  private boolean hasWork() {
    if (!queue.isEmpty()) {
      return true;
    }
    for (Slot slot : ready) {
      if (!slot.chunks().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void finishIfDone() {
    if (state == State.CLOSING && !hasWork()) {
      state = State.FINISHING;
      ready.forEach(slot -> slot.worker().finish());
    }
    if (state == State.FINISHING && living == 0) {
      state = State.CLOSED;
    }
  }

  /** Fails everything in the queue. */
  private void drain(Throwable failure) {
    List<Piece> left = new ArrayList<>(queue);
    queue.clear();
    for (Piece piece : left) {
      piece.fail(failure);
    }
  }

  /** Takes no more work, and ends the workers when there is none left. Does not wait. */
  void close() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = State.CLOSING;
      }
      finishIfDone();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the workers now; all work fails, what they run when they are gone. Does not wait. */
  void terminate() {
    lock.lock();
    try {
      state = State.CLOSED;
      terminated = true;
      drain(cancelled());
      for (Worker worker : all) {
        worker.kill();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static CancellationException cancelled() {
    return new CancellationException("pool was terminated");
  }

  /** Waits until no work is left and the workers have been told to end. */
  void awaitFinishing() throws InterruptedException {
    boolean _ = await(() -> state == State.FINISHING || state == State.CLOSED, Long.MAX_VALUE);
  }

  /** Waits until the pool is closed and its workers are gone. */
  boolean awaitClosed(long nanos) throws InterruptedException {
    return await(() -> state == State.CLOSED && living == 0, nanos);
  }

  /**
   * Waits until a worker is ready.
   *
   * @throws ProcessStartException if none can be started
   */
  void awaitFirst() throws InterruptedException {
    boolean _ =
        await(
            () -> !ready.isEmpty() || lastFailure != null || state == State.CLOSED, Long.MAX_VALUE);
    lock.lock();
    try {
      if (ready.isEmpty() && lastFailure != null) {
        throw lastFailure;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return state == State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return state == State.CLOSED && living == 0;
    } finally {
      lock.unlock();
    }
  }

  List<WorkerStats> stats() {
    lock.lock();
    try {
      List<WorkerStats> stats = new ArrayList<>();
      for (Worker worker : all) {
        stats.add(worker.stats());
      }
      return stats;
    } finally {
      lock.unlock();
    }
  }
}
