package dev.procession.sync;

import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SharedHandle;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * A lock between processes that belongs to a thread of one of them: that thread may take it again,
 * and it alone unlocks it, as often as it has taken it.
 *
 * <p><b>Death of an owner.</b> When the process that has it ends, however it does, who waits for
 * it, or wants it then, gets it, and finds {@link #isAbandoned} true: what the lock protects may be
 * half-written. The end of a thread alone frees nothing, as with any lock.
 *
 * <p>Not fair. Every method but {@link #unlock} throws {@link IllegalStateException} after {@link
 * #close}.
 */
public final class ProcessReentrantLock implements Lock, AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "relock";

  private final transient LockState state;

  ProcessReentrantLock(SharedHandle handle) {
    this.state = new LockState(handle, true);
  }

  /**
   * Creates a lock, free.
   *
   * @return the lock; this process's end, or closing it here, is the end of it for all who have not
   *     got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessReentrantLock open() {
    return new ProcessReentrantLock(SharedHandle.create(WHAT, LockState.SIZE));
  }

  /** Takes it, waiting as long as that takes; an interrupt is kept for later. */
  @Override
  public void lock() {
    state.lock();
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    boolean _ = state.lock(Deadline.NEVER);
  }

  /** Takes it if it is free, this thread's already, or its owner has ended. */
  @Override
  public boolean tryLock() {
    return state.tryLock();
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return state.lock(time, unit);
  }

  /**
   * Gives back one hold; with the last, frees it.
   *
   * @throws IllegalMonitorStateException if this thread does not have it
   */
  @Override
  public void unlock() {
    state.unlock();
  }

  /**
   * Creates a condition, which travels as the lock does.
   *
   * @return a condition on which this process may wait while it has the lock
   */
  @Override
  public ProcessCondition newCondition() {
    return ProcessCondition.open(state, this);
  }

  /**
   * Whether somebody has it.
   *
   * @return true if so, as of a moment ago
   */
  public boolean isLocked() {
    return state.isLocked();
  }

  /**
   * How often this thread has taken it without giving it back.
   *
   * @return 0 if it is not this thread's
   */
  public int getHoldCount() {
    return state.holds();
  }

  /**
   * Whether it was taken from a process that had ended without unlocking it. For the one who has
   * it.
   *
   * @return true from such a taking until it is unlocked
   */
  public boolean isAbandoned() {
    return state.isAbandoned();
  }

  LockState state() {
    return state;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    state.handle().close();
  }

  /** Who has it. */
  @Override
  public String toString() {
    return state.describe("ProcessReentrantLock");
  }

  /** {@return what travels: the path of the file} */
  @Serial
  private Object writeReplace() {
    return new Handle(state.handle().object().path().toString());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new ProcessReentrantLock(SharedHandle.arrived(WHAT, path));
    }
  }
}
