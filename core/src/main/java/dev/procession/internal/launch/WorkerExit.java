package dev.procession.internal.launch;

import dev.procession.internal.os.Os;
import org.jspecify.annotations.Nullable;

/**
 * How a worker JVM ended.
 *
 * @param pid it had
 * @param code the exit code; after a signal, 128 plus its number, where there are signals
 * @param orderly whether the JVM shut down by itself, rather than being killed or halted
 * @param errorTail the last it wrote to its standard error, as far as it went through this process
 * @param crashLog what its JVM has written of its crash, or null
 * @param shortOfMemory whether the kernel has killed processes for want of memory while it lived
 * @param exitsOnOutOfMemory whether its JVM is told to exit when it runs out of memory
 */
public record WorkerExit(
    long pid,
    int code,
    boolean orderly,
    String errorTail,
    @Nullable CrashLog crashLog,
    boolean shortOfMemory,
    boolean exitsOnOutOfMemory) {
  private static final int SIGNAL_BASE = 128;
  private static final int SIGNALS = 64;
  private static final int SIGKILL = 9;

  /** With which a JVM exits that is told to when it runs out of memory. */
  private static final int OUT_OF_MEMORY_CODE = 3;

  /**
   * The signal that ended it, or 0. A JVM turns SIGHUP, SIGINT and SIGTERM into an orderly shutdown
   * with the code that the signal would have.
   */
  public int signal() {
    int signal = code - SIGNAL_BASE;
    boolean possible = Os.current().hasSignals() && signal > 0 && signal <= SIGNALS;
    boolean handled = signal == 1 || signal == 2 || signal == 15;
    return possible && (!orderly || handled) ? signal : 0;
  }

  /** Whether the kernel has killed it for want of memory, as it seems. */
  public boolean killedForMemory() {
    return shortOfMemory && signal() == SIGKILL;
  }

  /** Whether it has ended for want of memory, as it seems. */
  public boolean outOfMemory() {
    return killedForMemory()
        || (exitsOnOutOfMemory && !orderly && code == OUT_OF_MEMORY_CODE)
        || (crashLog != null && crashLog.isOutOfMemory());
  }
}
