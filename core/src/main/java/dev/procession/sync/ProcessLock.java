package dev.procession.sync;

import dev.procession.internal.shared.SharedHandle;
import java.io.Serial;

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
public final class ProcessLock extends AbstractProcessLock {
  @Serial private static final long serialVersionUID = 1L;

  ProcessLock(SharedHandle handle) {
    super(Kind.PLAIN, handle);
  }

  /**
   * Creates a lock, free.
   *
   * @return the lock; this process's end, or closing it here, is the end of it for all who have not
   *     got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessLock open() {
    return new ProcessLock(create(Kind.PLAIN));
  }
}
