package dev.procession.internal.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of a submitted task. Completing a {@link CompletableFuture} runs what hangs on it,
 * which is the user's and may block, so a reader must not; but handing completion to another thread
 * would make every {@code get} wait for that thread too. So a thread that waits completes the
 * future itself:
 *
 * <pre>
 *   slot:  empty ──get()──► waiting thread ──settle()──► settled: the thread completes it
 *            │                    └─interrupt, time─► empty
 *            └──settle()──► settled: a virtual thread completes it
 * </pre>
 *
 * <p>If something hangs on the future already, a virtual thread completes it even so; what is added
 * at that very moment runs in the waiting thread.
 *
 * <p>Whoever takes the slot from a waiting thread to settled leaves the completion to that thread;
 * if the thread gives up waiting just then, it completes the future first. Other threads that wait
 * at the same time wait for the completion, as usual.
 *
 * <p>An outcome that is still to be read is left to a virtual thread in any case: reading it may
 * take longer than the waiting thread wants to wait.
 */
final class TaskFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  /** What is done when nobody wants the outcome any more. */
  interface Abandonment {
    /**
     * Does it.
     *
     * @param stop whether to end the task if it runs
     */
    void abandoned(boolean stop);
  }

  /** What the slot holds besides threads. */
  private enum Mark {
    SETTLED,
    /** Settled, and left to a virtual thread. */
    READING
  }

  /** Another thread is about to complete it. */
  private static final long POLL_NANOS = 20_000;

  private static final VarHandle SLOT = slotHandle();

  private static VarHandle slotHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(TaskFuture.class, "slot", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Null, a waiting thread, or a mark. */
  @SuppressWarnings("UnusedVariable") // by its handle: millions of these may wait
  private volatile @Nullable Object slot;

  private final Abandonment abandonment;
  private final Completions completions;

  // written before the slot is settled
  private @Nullable Outcome outcome;

  /**
   * @param abandonment what to do when the future is completed from outside, so that nobody wants
   *     the outcome any more
   * @param completions complete it where no thread waits for it
   */
  TaskFuture(Abandonment abandonment, Completions completions) {
    this.abandonment = abandonment;
    this.completions = completions;
  }

  /** Sets the outcome, in a thread that must not run code of users. Once. */
  void settle(Outcome newOutcome) {
    outcome = newOutcome;
    Mark mark = newOutcome.isUnread() ? Mark.READING : Mark.SETTLED;
    Object before = slot;
    while (!take(before, mark)) {
      before = slot;
    }
    if (before == null || mark == Mark.READING) {
      completions.begin(this, this::finish);
    }
    if (before instanceof Thread waiting) {
      LockSupport.unpark(waiting);
    }
  }

  /** Takes the slot if it still holds something; counts a completion that is left to a thread. */
  private boolean take(@Nullable Object before, Mark mark) {
    boolean isLeft = before != null && mark == Mark.SETTLED;
    if (isLeft) {
      completions.leave(); // before the thread can complete it
    }
    boolean taken = SLOT.compareAndSet(this, before, mark);
    if (isLeft && !taken) {
      completions.leftIsDone(); // it has given up waiting
    }
    return taken;
  }

  @SuppressWarnings({"NullAway", "unchecked"}) // null is a value where T says so
  private void finish() {
    Outcome settled = outcome;
    if (isDone()) {
      settled.discard();
      return;
    }
    Outcome read = settled.read();
    Throwable reason = read.failure();
    boolean _ =
        reason == null ? super.complete((T) read.value()) : super.completeExceptionally(reason);
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone() && SLOT.compareAndSet(this, null, Thread.currentThread())) {
      awaitInSlot(Long.MAX_VALUE);
    }
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    if (!isDone() && SLOT.compareAndSet(this, null, Thread.currentThread())) {
      awaitInSlot(unit.toNanos(timeout));
    }
    return super.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /** Waits until the future is done, the thread is interrupted, or the time has passed. */
  @SuppressWarnings("ReferenceEquality") // a thread is itself
  private void awaitInSlot(long nanos) {
    Thread me = Thread.currentThread();
    long start = System.nanoTime();
    long left = nanos;
    while (!isDone() && slot == me && left > 0 && !isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = nanos - (System.nanoTime() - start);
    }
    if (!SLOT.compareAndSet(this, me, null) && slot == Mark.SETTLED) {
      finishHere();
      while (!isDone() && System.nanoTime() - start < nanos && !isInterrupted()) {
        LockSupport.parkNanos(this, POLL_NANOS); // the JDK's own wait would run what hangs on it
      }
    }
  }

  /** What hangs on the future may block, and must not keep the thread that waits for it. */
  private void finishHere() {
    try {
      if (getNumberOfDependents() == 0) {
        finish();
      } else {
        completions.begin(this, this::finish);
      }
    } finally {
      completions.leftIsDone();
    }
  }

  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  // completions from outside, that the thread in the slot has to hear of

  @Override
  public boolean complete(T newValue) {
    return heard(super.complete(newValue), false);
  }

  @Override
  public boolean completeExceptionally(Throwable reason) {
    return heard(super.completeExceptionally(reason), false);
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    return heard(super.cancel(mayInterrupt), mayInterrupt);
  }

  @Override
  public void obtrudeValue(T newValue) {
    super.obtrudeValue(newValue);
    boolean _ = heard(true, false);
  }

  @Override
  public void obtrudeException(Throwable reason) {
    super.obtrudeException(reason);
    boolean _ = heard(true, false);
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    executor.execute(
        () -> {
          try {
            complete(supplier.get());
          } catch (Throwable e) {
            completeExceptionally(e);
          }
        });
    return this;
  }

  private boolean heard(boolean changed, boolean stop) {
    if (slot instanceof Thread waiting) {
      LockSupport.unpark(waiting);
    }
    if (changed) {
      abandonment.abandoned(stop);
    }
    return changed;
  }

  /** Futures that hang on this one are ordinary ones. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
