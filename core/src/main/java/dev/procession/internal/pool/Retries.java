package dev.procession.internal.pool;

import dev.procession.Execution;
import dev.procession.TaskCancelledException;
import dev.procession.WorkerDiedException;
import dev.procession.internal.os.SystemThreads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether items that have failed are run again. That is for code of users to say, so it is
 * done in threads of its own. Thread-safe.
 */
final class Retries implements Chunk.Retries {
  /** What is done with an item that has failed. */
  enum Decision {
    END,
    RUN_AGAIN,
    RESCUE
  }

  /** Does what was decided. */
  interface Decided {
    /** Called without any lock; {@link Retries#take} says whether it is still to be done. */
    void decided(Undecided item, Outcome failed, Decision decision);
  }

  /** An item that has failed, with the runs that it has had; each is itself. */
  static final class Undecided {
    private final Piece item;
    private final Outcome outcome;

    private Undecided(Piece item, Outcome outcome) {
      this.item = item;
      this.outcome = outcome;
    }

    Piece item() {
      return item;
    }
  }

  private final Decided listener;
  private final Set<Undecided> undecided = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  Retries(Decided listener) {
    this.listener = listener;
  }

  /** In a reader, or under the lock of the scheduler. */
  @Override
  public void decide(Piece item, Outcome outcome) {
    Undecided failed = new Undecided(item, outcome);
    undecided.add(failed);
    if (!ended) {
      SystemThreads.run(() -> decideNow(failed));
      return;
    }
    outcome.discard();
    if (take(failed)) { // who ends it may not have seen it
      item.fail(terminated());
    }
  }

  private void decideNow(Undecided failed) {
    Outcome outcome = failed.outcome.read();
    listener.decided(failed, outcome, decision(failed.item, outcome.failure()));
  }

  @SuppressWarnings("ReferenceEquality") // the predicate may throw what it was given
  private static Decision decision(Piece item, @Nullable Throwable failure) {
    if (failure == null) {
      return Decision.END;
    }
    TaskSpec tasks = item.job().tasks();
    try {
      if (item.mayBeRescued() && isOutOfMemory(failure)) {
        return Decision.RESCUE;
      }
      boolean again = item.runs() < tasks.attempts() && tasks.isRetriedAfter(failure);
      return again ? Decision.RUN_AGAIN : Decision.END;
    } catch (Throwable e) { // checked ones as well, from languages that do not check
      if (failure != e) {
        failure.addSuppressed(e);
      }
      return Decision.END;
    }
  }

  private static boolean isOutOfMemory(Throwable failure) {
    int depth = 0;
    for (Throwable e = failure; e != null && depth < 100; e = e.getCause(), depth++) {
      if (e instanceof OutOfMemoryError
          || (e instanceof WorkerDiedException death && death.isOutOfMemory())) {
        return true;
      }
    }
    return false;
  }

  /** Takes an item to do with it what was decided; false if it was taken already. */
  boolean take(Undecided failed) {
    return undecided.remove(failed);
  }

  boolean isEmpty() {
    return undecided.isEmpty();
  }

  /** Fails all, also those to come: the pool was terminated. */
  void end() {
    ended = true;
    for (Undecided failed : undecided) {
      if (take(failed)) {
        failed.item.fail(terminated());
      }
    }
  }

  private static TaskCancelledException terminated() {
    return new TaskCancelledException("pool was terminated", Execution.STARTED);
  }
}
