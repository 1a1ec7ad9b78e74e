package dev.procession.sync;

import dev.procession.internal.shared.SharedHandle;
import java.io.Serial;

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
public final class ProcessReentrantLock extends AbstractProcessLock {
  @Serial private static final long serialVersionUID = 1L;

  ProcessReentrantLock(SharedHandle handle) {
    super(Kind.REENTRANT, handle);
  }

  /**
   * Creates a lock, free.
   *
   * @return the lock; this process's end, or closing it here, is the end of it for all who have not
   *     got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessReentrantLock open() {
    return new ProcessReentrantLock(create(Kind.REENTRANT));
  }

  /**
   * How often this thread has taken it without giving it back.
   *
   * @return 0 if it is not this thread's
   */
  public int getHoldCount() {
    return state().holds();
  }
}
