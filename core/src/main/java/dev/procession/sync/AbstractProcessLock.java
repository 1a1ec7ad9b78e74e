package dev.procession.sync;

import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SharedHandle;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * What {@link ProcessLock} and {@link ProcessReentrantLock} have in common.
 *
 * <p><b>Death of an owner.</b> When the process that has it ends, however it does, who waits for
 * it, or wants it then, gets it, and finds {@link #isAbandoned} true: what the lock protects may be
 * half-written.
 *
 * <p>Not fair. Every method but {@link #unlock} throws {@link IllegalStateException} after {@link
 * #close}; who waits by then goes on waiting.
 */
public abstract sealed class AbstractProcessLock implements Lock, AutoCloseable, Serializable
    permits ProcessLock, ProcessReentrantLock {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Kind kind;
  private final transient LockState state;

  AbstractProcessLock(Kind kind, SharedHandle handle) {
    this.kind = kind;
    this.state = new LockState(handle, kind == Kind.REENTRANT);
  }

  /** Whose the lock is. */
  enum Kind {
    PLAIN("lock"),
    REENTRANT("relock");

    private final String what;

    Kind(String what) {
      this.what = what;
    }
  }

  /** The memory of a new lock, free. */
  static SharedHandle create(Kind kind) {
    return SharedHandle.create(kind.what, LockState.SIZE);
  }

  /** Takes it, waiting as long as that takes; an interrupt is kept for later. */
  @Override
  public final void lock() {
    state.lock();
  }

  @Override
  public final void lockInterruptibly() throws InterruptedException {
    boolean _ = state.lock(Deadline.NEVER);
  }

  /** Takes it if it is free, this thread may take it again, or its owner has ended. */
  @Override
  public final boolean tryLock() {
    return state.tryLock();
  }

  @Override
  public final boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return state.lock(time, unit);
  }

  /**
   * Gives it back.
   *
   * @throws IllegalMonitorStateException if it is not for this thread to give back
   */
  @Override
  public final void unlock() {
    state.unlock();
  }

  /**
   * Creates a condition, which travels as the lock does.
   *
   * @return a condition on which this process may wait while it has the lock
   */
  @Override
  public final ProcessCondition newCondition() {
    return ProcessCondition.open(this);
  }

  /**
   * Whether somebody has it.
   *
   * @return true if so, as of a moment ago
   */
  public final boolean isLocked() {
    return state.isLocked();
  }

  /**
   * Whether it was taken from a process that had ended without unlocking it. For the one who has
   * it.
   *
   * @return true from such a taking until it is unlocked
   */
  public final boolean isAbandoned() {
    return state.isAbandoned();
  }

  LockState state() {
    return state;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public final void close() {
    state.handle().close();
  }

  /** Who has it. */
  @Override
  public final String toString() {
    return state.describe(getClass().getSimpleName());
  }

  /** {@return what travels: the path of the file} */
  @Serial
  final Object writeReplace() {
    return new Handle(kind, state.handle().reference());
  }

  private record Handle(Kind kind, String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      SharedHandle handle = SharedHandle.arrived(kind.what, path);
      return switch (kind) {
        case PLAIN -> new ProcessLock(handle);
        case REENTRANT -> new ProcessReentrantLock(handle);
      };
    }
  }
}
