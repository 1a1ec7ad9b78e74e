package dev.procession.internal.pool;

import dev.procession.Execution;
import dev.procession.RunningTask;
import dev.procession.TaskCancelledException;
import dev.procession.TaskTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which worker runs what: owns the queue, and knows who has which chunks. Guarded by the
 * lock of its {@link Scheduler}.
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
final class Dispatcher {
  private static final int MOST_CHUNKS = 2;
  private static final int MOST_ATTEMPTS = 3;

  /** It is not worth the trouble to take back what takes less than this. */
  private static final double WORTH_TAKING_NANOS = 100_000;

  /** After this, a worker that has not begun a cheap item is taken to be stuck with another. */
  private static final long STUCK_NANOS = 3_000_000;

  /** Calls back under the lock of the scheduler. */
  interface Later {
    /** After a time, unless it is cancelled. */
    Future<?> after(long nanos, Runnable action);

    /** When a worker has said what it does, or has not in time. */
    void traced(Worker worker, Consumer<String> action);
  }

  /** How many may run something at a time, besides those that wait for what they submitted. */
  private int workers;

  private final int mostTasks;
  private final Later later;
  private final Chunk.Retries retries;
  private final WorkQueue queue;
  private final List<Slot> ready = new ArrayList<>();
  private List<Worker> undelivered = new ArrayList<>();
  private long chunks;
  private boolean paused;

  /** That of the last worker which has come to run a piece. */
  private @Nullable Slot rescuer;

  private final Alarm clocks;
  private final Alarm stuck;

  /**
   * @param wanted workers, if all are there
   * @param mostTasks items that each of them may run
   */
  Dispatcher(int wanted, int mostTasks, Later later, Chunk.Retries retries) {
    this.workers = wanted;
    this.mostTasks = mostTasks;
    this.retries = retries;
    this.later = later;
    this.queue = new WorkQueue(wanted);
    this.clocks = new Alarm(later, this::lookAtClocks);
    this.stuck = new Alarm(later, this::dispatch);
  }

  /**
   * The workers that were given something since the last call: whoever has held the lock delivers
   * when it does not any more. A worker that is woken may take the processor at once.
   */
  List<Worker> undelivered() {
    if (undelivered.isEmpty()) {
      return List.of();
    }
    List<Worker> given = undelivered;
    undelivered = new ArrayList<>();
    return given;
  }

  // workers

  /** A worker can take chunks from now on. */
  void join(Worker worker) {
    ready.add(new Slot(worker, false));
    dispatch();
  }

  /**
   * A worker has come to run a piece, and ends then.
   *
   * @return false if it cannot take it
   */
  boolean joinFor(Worker worker, Piece piece) {
    Slot slot = new Slot(worker, true);
    rescuer = slot;
    ready.add(slot);
    return give(slot, List.of(piece));
  }

  /**
   * A worker is gone; the items that it has taken with it fail before anything else is looked at.
   */
  void leave(Worker worker, Chunk.DeathOf death) {
    Slot slot = slotOf(worker);
    if (slot != null) {
      remove(slot);
      boolean inAnItem = slot.isInAnItem();
      for (Chunk chunk : slot.chunks().reversed()) {
        bury(slot, chunk, !inAnItem, death);
      }
    }
  }

  /**
   * A worker has ended a chunk, of which it has run some items.
   *
   * @param isTooLarge whether it shall get no more
   * @return whether it has run all that it may
   */
  boolean ended(Worker worker, Chunk chunk, int items, boolean isTooLarge) {
    Slot slot = slotOf(worker);
    if (slot == null) {
      return false; // it is gone: what it had not run was put back then
    }
    List<Piece> notRun = chunk.cut(items); // was decided against at the last moment
    queue.putBack(notRun);
    slot.chunks().remove(chunk);
    slot.items -= count(notRun);
    slot.idleSince = System.nanoTime();
    if (isTooLarge) {
      dismiss(slot);
    }
    return removeIfThrough(slot);
  }

  private void dismiss(Slot slot) {
    takeBack(slot);
    slot.isDismissed = true;
  }

  /** Gives away what there is, but nothing to a worker that has nothing and gets no more. */
  private boolean removeIfThrough(Slot slot) {
    boolean isThrough = slot.hasHadEnough(mostTasks) && slot.chunks().isEmpty();
    if (isThrough) {
      remove(slot);
    }
    dispatch();
    return isThrough;
  }

  private void remove(Slot slot) {
    ready.remove(slot);
    if (slot.equals(rescuer)) {
      rescuer = null;
    }
  }

  /**
   * A worker gets no more.
   *
   * @return whether it has nothing; otherwise it has when {@link #ended} says so
   */
  boolean dismiss(Worker worker) {
    Slot slot = slotOf(worker);
    if (slot == null) {
      return false;
    }
    dismiss(slot);
    return removeIfThrough(slot);
  }

  /** Whether a worker is ready and has never been given anything. */
  boolean isUntried(Worker worker) {
    Slot slot = slotOf(worker);
    return slot != null && slot.items == 0;
  }

  /** How many workers are ready and not dismissed. */
  int staying() {
    int staying = 0;
    for (Slot slot : ready) {
      staying += slot.isDismissed ? 0 : 1;
    }
    return staying;
  }

  /** So many workers that have the least to do and are not dismissed. */
  List<Worker> leastBusy(int count) {
    return ready.stream()
        .filter(slot -> !slot.isDismissed)
        .sorted(Comparator.comparingInt(Slot::unfinished))
        .limit(Math.max(0, count))
        .map(Slot::worker)
        .toList();
  }

  /** Workers that have had nothing to do for a time. */
  List<Worker> idleFor(long nanos) {
    long now = System.nanoTime();
    return ready.stream()
        .filter(slot -> slot.chunks().isEmpty() && now - slot.idleSince >= nanos)
        .map(Slot::worker)
        .toList();
  }

  /** How long until a worker may have had nothing to do for a time; never if none is idle. */
  long untilIdleFor(long nanos) {
    long now = System.nanoTime();
    long least = TaskSpec.NEVER;
    for (Slot slot : ready) {
      if (slot.chunks().isEmpty()) {
        least = Math.min(least, Math.max(0, nanos - (now - slot.idleSince)));
      }
    }
    return least;
  }

  /** How many workers there would be work for. */
  int demand() {
    int demand = queue.pieces();
    for (Slot slot : ready) {
      if (slot.isDismissed) {
        continue; // what it has left it does itself
      }
      int ahead = waiting(slot) > WORTH_TAKING_NANOS ? waitingItems(slot) : 0; // others could have
      demand += Math.max(slot.unfinished(), ahead + (slot.isInAnItem() ? 1 : 0));
    }
    return demand;
  }

  /** The queue is shared by so many workers, if all are there. */
  void shareAmong(int newWorkers) {
    workers = newWorkers;
    queue.shareAmong(newWorkers);
  }

  // tasks that submit tasks

  /**
   * What the task of a worker has submitted, to which more is about to be added; what the worker
   * has not begun goes to others.
   *
   * @param key of the worker
   * @return null if none here has that, or it runs nothing
   */
  @Nullable Offspring offspringOf(Object key) {
    for (Slot slot : ready) {
      if (slot.worker().key().equals(key)) {
        Offspring its = slot.offspring();
        if (its != null) {
          takeBack(slot);
          paused &= !slot.equals(rescuer); // what it waits for has to run
        }
        return its;
      }
    }
    return null;
  }

  /** How many workers run tasks that may wait for others. */
  int heldUp() {
    int heldUp = 0;
    for (Slot slot : ready) {
      heldUp += slot.isHeldUp() ? 1 : 0;
    }
    return heldUp;
  }

  /** Whether what has come to run a piece waits for others itself. */
  boolean isRescuerHeldUp() {
    return rescuer != null && rescuer.isHeldUp();
  }

  /**
   * How many more may run something; negative while more do than may, as some were held up before.
   */
  private int spare() {
    if (ready.size() <= workers) {
      return workers; // all may
    }
    int running = 0;
    for (Slot slot : ready) {
      running += slot.chunks().isEmpty() || slot.isDismissed || slot.isHeldUp() ? 0 : 1;
    }
    return workers - running;
  }

  private static int count(List<Piece> pieces) {
    int count = 0;
    for (Piece piece : pieces) {
      count += piece.count();
    }
    return count;
  }

  /** Whether any worker is ready. */
  boolean isManned() {
    return !ready.isEmpty();
  }

  /** No more work will come. */
  void finish() {
    clocks.stop();
    for (Slot slot : ready) {
      slot.worker().finish();
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

  /**
   * @param suspect whether what it had not begun may have been the cause
   */
  private void bury(Slot slot, Chunk chunk, boolean suspect, Chunk.DeathOf death) {
    int begun = slot.begun(chunk);
    Worker.Running running = slot.worker().running(chunk); // also when it is gone
    Duration ranFor = running == null ? null : Duration.ofNanos(running.nanos());
    List<Piece> notBegun = chunk.cut(begun);
    for (int item = 0; item < begun; item++) {
      if (!chunk.isDone(item)) {
        slot.abandon(chunk, item);
        chunk.died(item, deathOf(slot, new Slot.Condemned(chunk, item), death), ranFor);
      }
    }
    List<Piece> again = new ArrayList<>();
    for (Piece piece : notBegun) {
      Piece attempted = begun == 0 && suspect ? piece.attempted() : piece;
      if (attempted.attempts() >= MOST_ATTEMPTS) {
        String task = attempted.work().describe(attempted.index(0));
        attempted.fail(death.of(task, attempted.execution(), null));
      } else {
        again.add(attempted);
      }
    }
    queue.putBack(again);
  }

  /** The item because of which a worker was ended has a failure of its own. */
  private static Chunk.DeathOf deathOf(Slot slot, Slot.Condemned item, Chunk.DeathOf otherwise) {
    Slot.Verdict verdict = slot.verdict;
    if (verdict == null || !verdict.condemned().equals(item)) {
      return otherwise;
    }
    Throwable failure = verdict.failure();
    return (task, execution, ranFor) -> failure;
  }

  // work

  /** Puts a piece at the end of the queue. */
  void add(Piece piece) {
    queue.add(piece);
    dispatch();
  }

  /** Takes everything off the queue. */
  List<Piece> drain() {
    clocks.stop();
    return queue.drain();
  }

  /** Makes room in the queue, if it has what nobody wants any more. */
  void removeDropped() {
    queue.removeDropped();
  }

  /** Items that no worker has. */
  long queued() {
    return queue.items();
  }

  /** What a worker runs, or null. */
  @Nullable RunningTask current(Worker worker) {
    Slot slot = slotOf(worker);
    Chunk chunk = slot == null ? null : slot.running();
    if (slot == null || chunk == null) {
      return null;
    }
    Worker.Running running = worker.running(chunk);
    if (running != null) {
      return new RunningTask(
          chunk.describe(running.item()),
          Duration.ofNanos(running.nanos()),
          running.done(),
          running.total());
    }
    return new RunningTask(chunk.describe(slot.begun(chunk) - 1), Duration.ZERO, 0, -1);
  }

  boolean hasWork() {
    return !queue.isEmpty() || !isQuiet();
  }

  /** Takes back what nobody wants any more of a work, as far as it has not begun. */
  void withdraw(Work dropped) {
    for (Slot slot : ready) {
      for (Chunk chunk : slot.chunks()) {
        int item = chunk.firstOf(dropped, slot.begun(chunk));
        if (item >= 0) {
          takeBack(slot, chunk, item);
        }
      }
    }
    queue.drop(dropped.mostPieces());
    dispatch();
  }

  /** Puts what a worker has not begun into the queue again. */
  private void takeBack(Slot slot) {
    for (Chunk chunk : slot.chunks().reversed()) {
      boolean _ = takeBack(slot, chunk, slot.begun(chunk));
    }
  }

  /** Puts the items of a chunk from a number on into the queue again; false if it is too late. */
  private boolean takeBack(Slot slot, Chunk chunk, int item) {
    int from = slot.worker().takeBack(chunk, item);
    List<Piece> taken = from < 0 ? List.of() : chunk.cut(from);
    queue.putBack(taken);
    slot.items -= count(taken);
    return !taken.isEmpty();
  }

  // ending what runs

  private void lookAtClocks() {
    for (Slot slot : ready) {
      for (Chunk chunk : slot.chunks()) {
        if (slot.verdict == null) {
          clocks.setIn(lookAt(slot, chunk));
        }
      }
    }
    dispatch(); // what those had that are ended
  }

  /** Does what the item that runs is due for; returns how long until it is due again. */
  private long lookAt(Slot slot, Chunk chunk) {
    TaskSpec tasks = chunk.job().tasks();
    if (!tasks.hasClock()) {
      return TaskSpec.NEVER;
    }
    Worker.Running running = slot.worker().running(chunk);
    if (running == null) {
      return tasks.clock(); // none has begun that could be due earlier
    }
    Slot.Condemned item = new Slot.Condemned(chunk, running.item());
    if (running.nanos() >= tasks.killAfter()) {
      return end(slot, item, tasks.killAfter(), false) ? TaskSpec.NEVER : tasks.clock();
    }
    if (running.quietNanos() >= tasks.stallAfter()) {
      return end(slot, item, tasks.stallAfter(), true) ? TaskSpec.NEVER : tasks.clock();
    }
    if (running.nanos() >= tasks.interruptAfter() && !item.equals(slot.interrupted)) {
      slot.interrupted = item;
      slot.worker().interrupt(chunk, item.item());
      slot.offspring(chunk, item.item()).cancel();
    }
    long untilInterrupt =
        item.equals(slot.interrupted)
            ? tasks.clock() // of the next item
            : left(tasks.interruptAfter(), running.nanos());
    long untilEnd =
        Math.min(
            left(tasks.killAfter(), running.nanos()),
            left(tasks.stallAfter(), running.quietNanos()));
    return Math.min(untilInterrupt, untilEnd);
  }

  private static long left(long time, long passed) {
    return time == TaskSpec.NEVER ? TaskSpec.NEVER : Math.max(1, time - passed);
  }

  /**
   * Asks a worker what it does, then ends it because of an item, if that still runs.
   *
   * @return false if it has ended meanwhile
   */
  private boolean end(Slot slot, Slot.Condemned item, long limitNanos, boolean stalled) {
    String task = item.chunk().describe(item.item());
    Duration limit = Duration.ofNanos(limitNanos);
    TaskTimeoutException failure = new TaskTimeoutException(task, limit, stalled, "");
    if (!condemn(slot, item, this::isRunning, failure)) {
      return false;
    }
    later.traced(
        slot.worker(),
        trace -> {
          if (isRunning(slot, item)) {
            slot.verdict =
                new Slot.Verdict(item, new TaskTimeoutException(task, limit, stalled, trace));
            slot.worker().killWithDescendants();
          } else {
            slot.verdict = null;
            dispatch();
          }
        });
    return true;
  }

  /**
   * From now on a worker begins nothing but what it runs, so that nothing else is hurt when it is
   * ended.
   *
   * @param goesOn whether the item has not ended
   * @return false if it has meanwhile
   */
  private boolean condemn(
      Slot slot, Slot.Condemned item, BiPredicate<Slot, Slot.Condemned> goesOn, Throwable failure) {
    for (Chunk chunk : slot.chunks().reversed()) {
      boolean _ = takeBack(slot, chunk, chunk.equals(item.chunk()) ? item.item() + 1 : 0);
    }
    boolean running = goesOn.test(slot, item);
    if (running) {
      slot.verdict = new Slot.Verdict(item, failure);
    }
    return running;
  }

  private boolean isRunning(Slot slot, Slot.Condemned item) {
    if (!ready.contains(slot) || !slot.chunks().contains(item.chunk())) {
      return false;
    }
    Worker.Running running = slot.worker().running(item.chunk());
    return running != null && running.item() == item.item();
  }

  /** Interrupts what runs of a work that nobody wants any more, and ends it if that is no use. */
  void stop(Work unwanted) {
    for (Slot slot : ready) {
      for (Chunk chunk : slot.chunks()) {
        Worker.Running running = slot.worker().running(chunk);
        if (running == null) {
          stopSilent(unwanted, slot, chunk);
        } else if (chunk.firstOf(unwanted, running.item()) == running.item()) {
          Slot.Condemned item = new Slot.Condemned(chunk, running.item());
          slot.offspring(chunk, item.item()).abandon();
          slot.worker().interrupt(chunk, item.item());
          endAfterGrace(slot, item, this::isRunning);
        }
      }
    }
  }

  /** Stops an item of which is not known when it has begun, as all were so short. */
  private void stopSilent(Work unwanted, Slot slot, Chunk chunk) {
    int last = slot.begun(chunk) - 1;
    if (last >= 0 && chunk.firstOf(unwanted, last) == last && !chunk.isDone(last)) {
      Slot.Condemned item = new Slot.Condemned(chunk, last);
      endAfterGrace(slot, item, this::isSilent);
    }
  }

  /** Whether a worker has begun it, and neither begun another nor told what became of it. */
  private boolean isSilent(Slot slot, Slot.Condemned item) {
    return ready.contains(slot)
        && slot.chunks().contains(item.chunk())
        && slot.begun(item.chunk()) == item.item() + 1
        && !item.chunk().isDone(item.item());
  }

  private void endAfterGrace(
      Slot slot, Slot.Condemned item, BiPredicate<Slot, Slot.Condemned> goesOn) {
    var _ =
        later.after(item.chunk().job().tasks().grace(), () -> endIfItGoesOn(slot, item, goesOn));
  }

  private void endIfItGoesOn(
      Slot slot, Slot.Condemned item, BiPredicate<Slot, Slot.Condemned> goesOn) {
    if (goesOn.test(slot, item) && slot.verdict == null) {
      TaskCancelledException failure =
          new TaskCancelledException("task was cancelled", Execution.STARTED);
      if (condemn(slot, item, goesOn, failure)) {
        slot.worker().killWithDescendants();
      }
      dispatch();
    }
  }

  /** A job's function will not be needed again. */
  void forget(Job job) {
    for (Slot slot : ready) {
      slot.worker().forget(job);
    }
  }

  /** Gives away what the queue has, as long as somebody can take it. */
  void dispatch() {
    while (!queue.isEmpty()) {
      Slot slot = leastBusy();
      if (slot == null || !give(slot)) {
        return;
      }
    }
    shareOut();
  }

  /** Gives nothing more to anybody, and takes back what has not begun. */
  void pause() {
    paused = true;
    for (Slot slot : ready) {
      takeBack(slot);
    }
  }

  /** Gives away again what there is. */
  void resume() {
    paused = false;
    dispatch();
  }

  /** Whether no worker has anything. */
  private boolean isQuiet() {
    for (Slot slot : ready) {
      if (!slot.chunks().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Whether no worker does anything, other than to wait for what it has submitted. */
  boolean isIdle() {
    for (Slot slot : ready) {
      if (!slot.chunks().isEmpty() && !slot.isHeldUp()) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Slot leastBusy() {
    int spare = paused ? -1 : spare();
    if (spare < 0) {
      return null;
    }
    Slot best = null;
    int fewest = MOST_CHUNKS;
    int least = spare == 0 ? 1 : 0; // then only who runs something anyway
    for (Slot slot : ready) {
      int has = slot.chunks().size();
      if (has >= least && has < fewest && slot.isTaking(mostTasks)) {
        fewest = slot.chunks().size();
        best = slot;
      }
    }
    return best;
  }

  /** Gives a worker the next of the queue; false if it could not take it. */
  private boolean give(Slot slot) {
    List<Piece> pieces = queue.take((int) (mostTasks - slot.items));
    if (pieces.isEmpty()) {
      return true; // nobody wanted what there was
    }
    if (give(slot, pieces)) {
      return true;
    }
    queue.putBack(pieces);
    return false;
  }

  private boolean give(Slot slot, List<Piece> pieces) {
    Chunk chunk = new Chunk(++chunks, pieces, retries);
    if (slot.worker().give(chunk)) {
      slot.chunks().add(chunk);
      slot.items += chunk.end();
      undelivered.add(slot.worker());
      clocks.setIn(chunk.job().tasks().clock());
      return true;
    }
    return false;
  }

  /** The queue is empty: lets workers without work have what others have not begun. */
  private void shareOut() {
    if (paused) {
      return;
    }
    for (Slot idle : ready) {
      boolean isFree = idle.chunks().isEmpty() && idle.isTaking(mostTasks) && spare() > 0;
      if (isFree && !takeFromBusiest(idle)) {
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
    if (somethingWaits) {
      stuck.setIn(STUCK_NANOS);
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
      double waiting = slot.isDismissed ? 0 : waiting(slot); // what it has is for it alone
      if (waiting > most) {
        most = waiting;
        busiest = slot;
      }
    }
    if (busiest == null) {
      return false;
    }
    return takeHalf(busiest) && give(idle);
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
  private boolean takeHalf(Slot slot) {
    List<Chunk> chunks = slot.chunks();
    for (int i = chunks.size() - 1; i >= 0; i--) {
      Chunk chunk = chunks.get(i);
      int begun = slot.begun(chunk);
      int rest = chunk.end() - begun;
      if (rest > 0) {
        // the worker keeps the smaller half, which of one item is none
        return takeBack(slot, chunk, begun + rest / 2);
      }
    }
    return false;
  }
}
