package dev.procession.internal.pool;

import dev.procession.BulkProgress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * All results of a call, later. The last outcome leaves its completion to a virtual thread, as that
 * reads results and runs what hangs on the future: code of users.
 */
final class BulkFuture<R extends @Nullable Object> extends CompletableFuture<List<R>>
    implements Work {
  private final String description;
  private final AtomicReferenceArray<@Nullable Outcome> outcomes;
  private final AtomicInteger left;
  private final Completions completions;
  private final @Nullable ProgressTeller progress;
  private volatile boolean stopped;

  /**
   * @param progress hears how many items have ended, or null
   */
  BulkFuture(
      String description, int size, Completions completions, @Nullable BulkProgress progress) {
    this.description = description;
    this.completions = completions;
    this.outcomes = new AtomicReferenceArray<>(size);
    this.left = new AtomicInteger(size);
    this.progress =
        progress == null
            ? null
            : new ProgressTeller(progress, size, completions, this::completeExceptionally);
    tellLater();
    if (size == 0 && progress == null) {
      finish();
    } else if (size == 0) {
      completions.begin(this, this::finish); // runs code of users
    }
  }

  @Override
  public String describe(int index) {
    return description + " item " + index;
  }

  @Override
  public void ended(int index, Outcome outcome) {
    outcomes.set(index, outcome);
    if (progress != null) {
      progress.ended();
    }
    if (isDone()) {
      drop(index);
    }
    if (left.decrementAndGet() == 0) {
      completions.begin(this, this::finish);
    }
  }

  @Override
  public int mostPieces() {
    return left.get();
  }

  private void tellLater() {
    if (progress != null && !isDone()) {
      progress.tellLater();
    }
  }

  private void finish() {
    if (progress != null && !isDone()) {
      progress.tell(); // all of them, before it is done
    }
    Gathered<R> gathered = new Gathered<>(outcomes.length());
    for (int i = 0; i < outcomes.length(); i++) {
      Outcome outcome = outcomes.getAndSet(i, null);
      if (outcome == null && isDone()) {
        return; // nobody wants them
      }
      if (outcome == null) {
        throw new IllegalStateException("item has no outcome: item=" + i);
      }
      gathered.add(outcome.read());
    }
    Throwable failure = gathered.failure();
    boolean _ = failure == null ? complete(gathered.results()) : completeExceptionally(failure);
  }

  /** It is done: nobody wants the outcomes that are there or come. */
  void drop() {
    for (int i = 0; i < outcomes.length(); i++) {
      drop(i);
    }
  }

  private void drop(int index) {
    Outcome unwanted = outcomes.getAndSet(index, null);
    if (unwanted != null) {
      unwanted.discard();
    }
  }

  /** Whether it was cancelled, and what runs shall end. */
  boolean isStopped() {
    return stopped;
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    stopped = mayInterrupt;
    return super.cancel(mayInterrupt);
  }

  @Override
  public void show() {
    tellLater(); // it is done when all are there
  }

  @Override
  @SuppressWarnings("Interruption") // what the task has begun is the pool's
  public void abandon() {
    cancel(true);
  }

  @Override
  public boolean isDropped() {
    return isDone();
  }

  /** Futures that hang on this one are ordinary ones. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
