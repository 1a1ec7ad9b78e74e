package dev.procession.sync;

import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SharedHandle;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * A lock between processes, and threads of them. It belongs to a process, not to a thread: threads
 * of one process exclude each other, but it is not reentrant, and any thread of any process may
 * unlock it. {@link ProcessReentrantLock} is the stricter one.
 *
 * {@snippet :
 * try (var lock = ProcessLock.open()) {
 *   var child = ChildProcess.start(() -> {
 *     lock.lock();
 *     try {
 *       append("log.txt", "child");
 *     } finally {
 *       lock.unlock();
 *     }
 *   });
 *   child.join();
 * }
 * }
 *
 * <p><b>Death of an owner.</b> When the process that has it ends, however it does, who waits for
 * it, or wants it then, gets it, and finds {@link #isAbandoned} true: what the lock protects may be
 * half-written.
 *
 * <p>Not fair. Every method but {@link #unlock} throws {@link IllegalStateException} after {@link
 * #close}.
 */
public final class ProcessLock implements Lock, AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "lock";

  private final transient LockState state;

  ProcessLock(SharedHandle handle) {
    this.state = new LockState(handle, false);
  }

  /**
   * Creates a lock, free.
   *
   * @return the lock; this process's end, or closing it here, is the end of it for all who have not
   *     got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessLock open() {
    return new ProcessLock(SharedHandle.create(WHAT, LockState.SIZE));
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

  /** Takes it if it is free, or its owner has ended. */
  @Override
  public boolean tryLock() {
    return state.tryLock();
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return state.lock(time, unit);
  }

  /**
   * Frees it, whichever process or thread has it.
   *
   * @throws IllegalMonitorStateException if it is free
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
    return state.describe("ProcessLock");
  }

  /** {@return what travels: the path of the file} */
  @Serial
  private Object writeReplace() {
    return new Handle(state.handle().object().path().toString());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new ProcessLock(SharedHandle.arrived(WHAT, path));
    }
  }
}
