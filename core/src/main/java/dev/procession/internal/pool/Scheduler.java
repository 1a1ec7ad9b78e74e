package dev.procession.internal.pool;

import dev.procession.Execution;
import dev.procession.PoolBrokenException;
import dev.procession.PoolStats;
import dev.procession.ProcessStartException;
import dev.procession.RunningTask;
import dev.procession.TaskCancelledException;
import dev.procession.WorkerStats;
import dev.procession.internal.os.FailureText;
import dev.procession.internal.os.SystemThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of a pool: hires workers, replaces those that are gone, passes work on, and ends.
 *
 * <pre>
 *   open ──close()──► closing ──no work left──► finishing ──no worker left──► closed
 *     └──────────────terminate(), or workers cannot be started──────────────────►┘
 * </pre>
 *
 * <p>Thread-safe; what it decides, and what its {@link Dispatcher} does, is under one lock.
 */
final class Scheduler implements Worker.Events {
  /** How long a worker may take to say what it does before it is ended. */
  private static final long TRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long a retired worker may take to end by itself. */
  static final long RETIRE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private enum State {
    OPEN,
    CLOSING,
    FINISHING,
    CLOSED
  }

  /** Starts workers. */
  interface Recruiter {
    /**
     * Starts a worker; called without the lock.
     *
     * @param maxHeap another heap than the pool's workers have, or null
     */
    Worker recruit(Worker.Events events, @Nullable String maxHeap) throws ProcessStartException;
  }

  private final PoolSpec spec;
  private final Recruiter recruiter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Observers observers;
  private final Condition room = lock.newCondition();
  private final Completions completions = new Completions();

  private final Retries retries = new Retries(this::decided);

  private final Dispatcher.Later later = new UnderLock();
  private volatile boolean terminated;

  // guarded by the lock
  private final Dispatcher work;
  private final Staff staff;
  private final Initializers initializers;
  private final Rescues rescues;

  /** Workers that are there for one item. */
  private final Map<Worker, Rescues.Rescue> rescuers = new HashMap<>();

  private State state = State.OPEN;
  private @Nullable PoolBrokenException broken;
  private int waitingForRoom;

  /** Whether somebody is about to start the workers that are missing; at first, who opens. */
  private boolean recruiting = true;

  /** Looks at the workers for want of an event. */
  private final Alarm looks;

  /** Ends workers that do not end by themselves: threads that tasks have left keep them alive. */
  private final Alarm stragglers;

  /**
   * @param initializations makes what a worker runs first, or null
   */
  Scheduler(
      PoolSpec spec, Recruiter recruiter, Supplier<@Nullable Initialization> initializations) {
    this.spec = spec;
    this.observers = new Observers(spec.name(), spec.listener());
    this.recruiter = recruiter;
    this.initializers =
        new Initializers(initializations, spec.initializerTimeout(), later, this::giveUpOn);
    this.looks = new Alarm(later, this::dismissIdle);
    this.stragglers = new Alarm(later, this::terminate);
    this.work = new Dispatcher(spec.workers(), spec.mostTasks(), later, retries);
    this.staff = new Staff(spec.leastWorkers(), spec.workers(), spec.memoryBudget(), work::heldUp);
    this.rescues = new Rescues(staff, work, later);
  }

  /** Calls the dispatcher back. */
  private final class UnderLock implements Dispatcher.Later {
    @Override
    public Future<?> after(long nanos, Runnable action) {
      return Timer.after(nanos, () -> locked(action));
    }

    @Override
    public void traced(Worker worker, Consumer<String> action) {
      AtomicBoolean done = new AtomicBoolean();
      Consumer<String> once =
          trace -> {
            if (done.compareAndSet(false, true)) {
              locked(() -> action.accept(trace));
            }
          };
      worker.trace(once);
      var _ = Timer.after(TRACE_NANOS, () -> once.accept(""));
    }

    private void locked(Runnable action) {
      lock.lock();
      try {
        action.run();
      } finally {
        unlock();
      }
    }
  }

  private void unlock() {
    finishIfDone();
    List<Worker> given = work.undelivered();
    if (waitingForRoom > 0 && work.queued() < spec.mostQueued()) {
      room.signalAll();
    }
    boolean recruits = !recruiting && isShort();
    recruiting |= recruits;
    Rescues.Rescue rescue = rescues.due();
    if (rescue != null) {
      staff.hireBeside();
    }
    lookAgainLater();
    lock.unlock();
    for (Worker worker : given) {
      worker.deliver();
    }
    if (recruits) {
      SystemThreads.run(this::recruitMissing);
    }
    if (rescue != null) {
      SystemThreads.run(() -> recruitFor(rescue));
    }
  }

  Observers observers() {
    return observers;
  }

  Completions completions() {
    return completions;
  }

  // running again what has failed

  private void decided(Retries.Undecided undecided, Outcome failed, Retries.Decision decision) {
    Piece item = undecided.item();
    lock.lock();
    try {
      if (!retries.take(undecided)) {
        return; // the pool was terminated
      }
      if (decision == Retries.Decision.END || state == State.FINISHING || state == State.CLOSED) {
        item.end(0, failed);
        item.work().show();
      } else {
        observers.retried(item);
        if (decision == Retries.Decision.RESCUE) {
          rescues.add(item, failed);
        } else {
          work.add(item);
        }
      }
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  private boolean hasWork() {
    return work.hasWork() || !retries.isEmpty() || !rescues.isEmpty();
  }

  /** Hears of the worker that comes for a rescue. */
  private final class RescueEvents implements Worker.Events {
    private final Rescues.Rescue rescue;

    RescueEvents(Rescues.Rescue rescue) {
      this.rescue = rescue;
    }

    @Override
    public void ready(Worker worker) {
      lock.lock();
      try {
        cameFor(rescue, worker);
      } finally {
        unlock();
      }
      Scheduler.this.ready(worker);
    }

    @Override
    public void ended(Worker worker, Chunk chunk, int items, long nanos) {
      Scheduler.this.ended(worker, chunk, items, nanos);
    }

    @Override
    public void gone(
        Worker worker, @Nullable ProcessStartException startFailure, Chunk.DeathOf death) {
      Scheduler.this.gone(worker, null, death); // how the others start is not known by it
      over(rescue, startFailure);
    }
  }

  private void recruitFor(Rescues.Rescue rescue) {
    try {
      Worker worker = recruit(new RescueEvents(rescue), rescue.maxHeap());
      lock.lock();
      try {
        cameFor(rescue, worker);
        if (state == State.CLOSED) {
          worker.kill();
        }
      } finally {
        unlock();
      }
    } catch (ProcessStartException e) {
      lock.lock();
      try {
        staff.cameNotBeside();
      } finally {
        unlock();
      }
      over(rescue, e);
    }
  }

  private void cameFor(Rescues.Rescue rescue, Worker worker) {
    staff.came(worker);
    staff.leaves(worker);
    if (!worker.isGone()) {
      rescuers.put(worker, rescue);
    }
  }

  private void over(Rescues.Rescue rescue, @Nullable ProcessStartException why) {
    lock.lock();
    try {
      rescues.over(rescue, why);
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  /** Its worker takes it, and ends then. */
  private void joinFor(Rescues.Rescue rescue, Worker worker) {
    boolean given = rescues.give(rescue) && work.joinFor(worker, rescue.item());
    if (!given) {
      worker.kill(); // the pool has ended; or it is gone, as its ring is empty
    }
  }

  // workers coming and going

  /** Starts the workers that are missing; fails with what kept one from starting. */
  void recruit() throws ProcessStartException {
    while (isMissingOne()) {
      Worker worker;
      try {
        worker = recruit(this, null);
      } catch (ProcessStartException e) {
        lost(e);
        throw e;
      }
      lock.lock();
      try {
        staff.came(worker);
        if (state == State.CLOSED) {
          worker.kill();
        }
      } finally {
        unlock();
      }
    }
  }

  private Worker recruit(Worker.Events events, @Nullable String maxHeap) {
    try {
      return recruiter.recruit(events, maxHeap);
    } catch (ProcessStartException e) {
      throw e;
    } catch (RuntimeException | Error e) { // also when there is no room for a thread
      throw new ProcessStartException("worker cannot be started: " + e, e);
    }
  }

  private boolean isMissingOne() {
    lock.lock();
    try {
      recruiting = isShort() && staff.hire();
      return recruiting;
    } finally {
      unlock();
    }
  }

  /** Whether a worker is missing; who has submitted something asks, so mostly without a look. */
  private boolean isShort() {
    if (staff.isComplete()) {
      return false;
    }
    boolean needed = state == State.OPEN || (state == State.CLOSING && hasWork());
    return needed && staff.isShort(work.demand());
  }

  /** A worker that was counted as living never came to be. */
  private void lost(ProcessStartException why) {
    lock.lock();
    try {
      staff.neverCame(why);
      giveUpIfHopeless(why);
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  private void giveUpIfHopeless(ProcessStartException why) {
    if (staff.isHopeless()) {
      giveUp(new PoolBrokenException("pool cannot start workers: " + why.getMessage(), why));
    }
  }

  /** There will be no workers any more. */
  private void giveUp(PoolBrokenException why) {
    broken = why;
    state = State.CLOSED;
    room.signalAll();
    drain(why);
    killAll();
  }

  /** Ends them, and what their tasks have started. */
  private void killAll() {
    for (Worker worker : staff.all()) {
      if (!worker.isGone()) {
        worker.killWithDescendants();
      }
    }
  }

  @Override
  public void ready(Worker worker) {
    lock.lock();
    try {
      staff.came(worker); // who starts it may not have said so yet
      if (worker.isGone()) {
        return; // somebody else tells of that, at the same time
      }
      worker.allowSpinning(staff.most() < Runtime.getRuntime().availableProcessors());
      if (!initializers.begin(worker)) {
        join(worker);
      }
    } finally {
      unlock();
    }
    worker.deliver();
  }

  private void giveUpOn(Throwable failure) {
    if (state != State.CLOSED) {
      giveUp(
          new PoolBrokenException(
              "initializer failed: " + FailureText.description(failure), failure));
      changed.signalAll();
    }
  }

  private void join(Worker worker) {
    staff.works();
    observers.started(worker);
    if (state == State.FINISHING) {
      worker.finish();
    }
    Rescues.Rescue rescue = rescuers.get(worker);
    if (rescue == null) {
      work.join(worker);
      dismissSurplus(); // it may have been meant for a larger pool
    } else {
      joinFor(rescue, worker);
    }
    changed.signalAll();
  }

  /** A worker has run the initializer; called where code of users may run. */
  private void initialized(Worker worker, Initialization first) {
    Throwable failure = first.failure();
    lock.lock();
    try {
      if (!initializers.end(worker)) {
        return; // it is gone
      }
      if (failure == null) {
        join(worker);
      } else {
        giveUpOn(failure);
      }
    } finally {
      unlock();
    }
  }

  @Override
  public void gone(
      Worker worker, @Nullable ProcessStartException startFailure, Chunk.DeathOf itsDeath) {
    lock.lock();
    try {
      Chunk.DeathOf death = deathOf(itsDeath);
      if (state == State.OPEN && !staff.isLeaving(worker) && work.isUntried(worker)) {
        staff.diedIdle();
      }
      staff.left(worker);
      observers.left(worker);
      work.leave(worker, death);
      boolean isRescuer = rescuers.remove(worker) != null;
      boolean wasFirst = initializers.end(worker);
      boolean isStart = startFailure != null || (wasFirst && !isRescuer);
      if (isStart && state != State.CLOSED) {
        ProcessStartException why = startFailure != null ? startFailure : diedFirst(itsDeath);
        staff.startFailed(why);
        giveUpIfHopeless(why);
      }
      if (state == State.CLOSED) {
        drain(terminated ? null : broken);
      }
      work.dispatch();
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  /** Those that the pool has ended say so. */
  private Chunk.DeathOf deathOf(Chunk.DeathOf its) {
    if (terminated) {
      return (task, execution, ranFor) -> cancelled(execution);
    }
    PoolBrokenException why = broken;
    if (why == null) {
      return its;
    }
    return (task, execution, ranFor) -> {
      Throwable failure = its.of(task, execution, ranFor);
      failure.addSuppressed(why);
      return failure;
    };
  }

  /** Starts the workers that are missing; tries until the pool gives up, if none is left. */
  private void recruitMissing() {
    boolean tryAgain = true;
    while (tryAgain) {
      try {
        recruit();
        tryAgain = false;
      } catch (ProcessStartException e) {
        // the staff knows, and says whether another is to be tried now
      }
    }
  }

  private static ProcessStartException diedFirst(Chunk.DeathOf death) {
    Throwable why = death.of(Initialization.WHAT, Execution.STARTED, null);
    return new ProcessStartException("worker ended in the initializer: " + why.getMessage(), why);
  }

  @Override
  public void ended(Worker worker, Chunk chunk, int items, long nanos) {
    boolean isTooLarge =
        spec.mostResident() != Long.MAX_VALUE && worker.residentMemory() > spec.mostResident();
    lock.lock();
    try {
      Initialization first = initializers.of(worker);
      if (first != null) {
        SystemThreads.run(() -> initialized(worker, first));
        return;
      }
      staff.hasRun();
      chunk.job().learn(items, nanos);
      if (work.ended(worker, chunk, items, isTooLarge)) {
        retire(worker);
      }
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  /** It has run all that it may, or is not needed: ends. */
  private void retire(Worker worker) {
    staff.leaves(worker);
    Rescues.Rescue rescue = rescuers.remove(worker);
    if (rescue != null) {
      rescues.over(rescue, null);
    }
    worker.finish();
    var _ =
        Timer.after(RETIRE_NANOS, worker::kill); // threads that tasks have left may keep it alive
  }

  // as many as are needed

  /** The most workers. */
  int workers() {
    return staff.most();
  }

  /**
   * Changes how many workers there are. Those too many end when they have done what they have
   * begun.
   */
  void resize(int least, int most) {
    lock.lock();
    try {
      staff.resize(least, most);
      work.shareAmong(most);
      dismissSurplus();
    } finally {
      unlock();
    }
  }

  private void dismissSurplus() {
    for (Worker worker : work.leastBusy(work.staying() - staff.places())) {
      dismiss(worker);
    }
  }

  private void dismiss(Worker worker) {
    staff.leaves(worker); // also while it is busy: another may be wanted instead
    if (work.dismiss(worker)) {
      retire(worker);
    }
  }

  /** Looks at the workers again although nothing happens, if one is missing or not needed. */
  private void lookAgainLater() {
    if (state == State.FINISHING || state == State.CLOSED) {
      looks.stop();
      return;
    }
    boolean isPaused = staff.isPaused();
    if (looks.isSet() && !isPaused) {
      return;
    }
    if (isPaused) {
      looks.setIn(Staff.PAUSE_NANOS);
    }
    if (state == State.OPEN && staff.dispensable() > 0 && spec.idleNanos() != TaskSpec.NEVER) {
      looks.setIn(work.untilIdleFor(spec.idleNanos()));
    }
  }

  /** Whoever gives the lock back then recruits those that are missing. */
  private void dismissIdle() {
    for (Worker idle : work.idleFor(spec.idleNanos())) {
      if (state == State.OPEN && staff.dispensable() > 0) {
        dismiss(idle);
      }
    }
  }

  // work coming

  /**
   * Queues a piece; waits if too many are queued. What tasks of this pool submit need not wait, as
   * the workers might, for them; and is taken also when the pool is closing, as it waits for them.
   *
   * @throws RejectedExecutionException if the pool takes no more work, with the reason as cause if
   *     it is broken; if there is no room in time; if interrupted while waiting for room, which
   *     restores the interrupt
   */
  void submit(Piece piece) {
    lock.lock();
    try {
      Offspring siblings = siblings();
      if (siblings != null) {
        add(piece, siblings);
        return;
      }
      requireOpen();
      if (work.queued() >= spec.mostQueued()) {
        work.removeDropped();
        awaitRoom();
        requireOpen();
      }
      work.add(piece);
    } finally {
      unlock();
    }
  }

  /** What the task of this pool has submitted that submits something now; null if none does. */
  private @Nullable Offspring siblings() {
    Object submitter = Submitter.current();
    return submitter == null ? null : work.offspringOf(submitter);
  }

  private void add(Piece piece, Offspring siblings) {
    if (state != State.CLOSING) {
      requireOpen();
    }
    if (siblings.depth() > spec.mostDepth()) {
      throw new RejectedExecutionException(
          "tasks that submit tasks are nested too deeply: depth=" + siblings.depth());
    }
    if (!siblings.add(piece.work(), piece.count())) {
      throw new RejectedExecutionException("the task that submits another was cancelled");
    }
    work.add(piece.among(siblings));
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new RejectedExecutionException(
          broken == null ? "pool is closed" : "pool is broken", broken);
    }
  }

  private void awaitRoom() {
    long left = TimeUnit.NANOSECONDS.convert(spec.queueTimeout());
    waitingForRoom++;
    try {
      while (state == State.OPEN && work.queued() >= spec.mostQueued()) {
        if (left <= 0) {
          throw new RejectedExecutionException("pool has too many tasks: queued=" + work.queued());
        }
        left = room.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException("interrupted while waiting for room in a pool", e);
    } finally {
      waitingForRoom--;
    }
  }

  /**
   * Nobody wants the rest of a work: what has not begun never will.
   *
   * @param stop whether what runs shall end as well
   */
  void withdraw(Work dropped, boolean stop) {
    lock.lock();
    try {
      work.withdraw(dropped);
      if (stop) {
        work.stop(dropped);
      }
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  /** A job has ended: its function will not be needed again. */
  void forget(Job job) {
    lock.lock();
    try {
      work.forget(job);
    } finally {
      unlock();
    }
    job.discard();
  }

  // the end

  /** Whoever gives the lock back looks, as anything may have been the last. */
  private void finishIfDone() {
    if (state == State.CLOSING && !hasWork()) {
      state = State.FINISHING;
      work.finish();
      stragglers.setIn(RETIRE_NANOS);
      changed.signalAll();
    }
    if (state == State.FINISHING && isDeserted()) {
      state = State.CLOSED;
      stragglers.stop();
      changed.signalAll();
    }
  }

  private boolean isDeserted() {
    return staff.isDeserted() && retries.isEmpty() && rescues.isEmpty();
  }

  /** Fails everything in the queue. */
  private void drain(@Nullable PoolBrokenException why) {
    List<Piece> pieces = work.drain();
    pieces.addAll(rescues.drain());
    for (Piece piece : pieces) {
      if (why == null) {
        piece.fail(cancelled(piece.execution()));
      } else if (piece.execution() == Execution.NOT_STARTED) {
        piece.fail(why);
      } else { // has failed before: one that says so
        TaskCancelledException failure =
            new TaskCancelledException("pool is broken: " + why.getMessage(), Execution.STARTED);
        failure.initCause(why);
        piece.fail(failure);
      }
    }
  }

  /** Takes no more work, and ends the workers when there is none left. Does not wait. */
  void close() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = State.CLOSING;
        room.signalAll();
      }
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  /** Ends the workers now; all work fails, what they run when they are gone. Does not wait. */
  void terminate() {
    lock.lock();
    try {
      state = State.CLOSED;
      terminated = true;
      stragglers.stop();
      room.signalAll();
      drain(null);
      retries.end();
      killAll();
      changed.signalAll();
    } finally {
      unlock();
    }
  }

  private static TaskCancelledException cancelled(Execution execution) {
    return new TaskCancelledException("pool was terminated", execution);
  }

  /** Waits until no work is left and the workers have been told to end. */
  void awaitFinishing() throws InterruptedException {
    boolean _ = await(() -> state == State.FINISHING || state == State.CLOSED, Long.MAX_VALUE);
  }

  /** Waits until the pool is closed and its workers are gone. */
  boolean awaitClosed(long nanos) throws InterruptedException {
    return await(() -> state == State.CLOSED && isDeserted(), nanos);
  }

  /**
   * Waits until a worker is ready, unless there need be none.
   *
   * @throws ProcessStartException if none can be started
   * @throws PoolBrokenException if its initializer fails
   */
  void awaitFirst() throws InterruptedException {
    boolean _ = await(this::isOpened, Long.MAX_VALUE);
    lock.lock();
    try {
      ProcessStartException failure = staff.lastFailure();
      if (broken != null && failure == null) {
        throw broken;
      }
      if (!work.isManned() && failure != null) {
        throw failure;
      }
    } finally {
      unlock();
    }
  }

  private boolean isOpened() {
    return staff.least() == 0
        || work.isManned()
        || staff.lastFailure() != null
        || state == State.CLOSED;
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
      unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return state == State.OPEN;
    } finally {
      unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return state == State.CLOSED && isDeserted();
    } finally {
      unlock();
    }
  }

  PoolStats stats() {
    lock.lock();
    try {
      List<WorkerStats> stats = new ArrayList<>();
      long running = 0;
      for (Worker worker : staff.all()) {
        RunningTask current = work.current(worker);
        running += current == null ? 0 : 1;
        stats.add(worker.stats(current));
      }
      return new PoolStats(work.queued(), running, observers.done(), observers.failed(), stats);
    } finally {
      unlock();
    }
  }
}
