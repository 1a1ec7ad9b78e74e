package dev.procession.internal.shared;

import dev.procession.internal.os.Os;

/**
 * A process in a word of shared memory, so that anybody can see who has something and whether that
 * process still lives:
 *
 * <pre>
 *   63      62 … 32   31 … 0
 *   flag    pid       start time of the process, its lowest bits
 * </pre>
 *
 * The flag is for whoever uses the word. 0 is nobody.
 */
public final class Participant {
  /** Nobody. */
  public static final long NOBODY = 0;

  /** The bit of the word that says nothing about the process. */
  static final long FLAG = 1L << 63;

  private static final long ME = of(ProcessHandle.current().pid());

  private Participant() {}

  /** This process. */
  public static long me() {
    return ME;
  }

  /** Also for tests. */
  static long of(long pid) {
    if (pid >= 1L << 31) {
      throw new IllegalStateException("pid is too large for a word: pid=" + pid);
    }
    return pid << 32 | (Os.current().startTime(pid) & 0xFFFF_FFFFL);
  }

  /** Whether a word has this process. */
  public static boolean isMe(long word) {
    return (word & ~FLAG) == ME;
  }

  /** The pid in a word. */
  public static long pid(long word) {
    return (word & ~FLAG) >>> 32;
  }

  /** Whether the process in a word lives; a look at the system, some 20 microseconds. */
  public static boolean isAlive(long word) {
    long participant = word & ~FLAG;
    if (participant == ME) {
      return true;
    }
    long start = Os.current().startTime(pid(word));
    return start == Os.UNKNOWN
        || (start != Os.NO_PROCESS && (start & 0xFFFF_FFFFL) == (participant & 0xFFFF_FFFFL));
  }
}
