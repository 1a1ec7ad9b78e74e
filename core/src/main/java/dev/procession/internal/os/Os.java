package dev.procession.internal.os;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongPredicate;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The platform. {@link LinuxOs} knows Linux; {@link PortableOs} uses nothing but the JDK, serves
 * every other platform, and can be chosen on Linux with the system property {@value #PROPERTY}.
 */
public abstract sealed class Os permits LinuxOs, PortableOs {

  /** System property: {@code linux} or {@code portable}; by default the platform decides. */
  public static final String PROPERTY = "dev.procession.os";

  /** What {@link #startTime} answers for a process that does not exist. */
  public static final long NO_PROCESS = -1;

  /** What {@link #startTime} answers when it cannot tell; the process may well live. */
  public static final long UNKNOWN = -2;

  Os() {}

  /** The platform of this JVM, chosen once. */
  public static Os current() {
    return Holder.CURRENT;
  }

  static Os choose(String requested, String platform) {
    if (requested.equals("portable")) {
      return new PortableOs();
    }
    if (requested.equals("linux") || (requested.isEmpty() && platform.equals("Linux"))) {
      return new LinuxOs();
    }
    if (requested.isEmpty()) {
      return new PortableOs();
    }
    throw new IllegalArgumentException(PROPERTY + " must be linux or portable: value=" + requested);
  }

  /** The value of {@link #PROPERTY} that makes another JVM choose the same platform. */
  public abstract String name();

  /** Folders for shared segments, the best (memory-backed) first; never empty. */
  public abstract List<Path> segmentFolders();

  /**
   * When the process started, in a unit that only equality makes sense of, or {@link #NO_PROCESS},
   * or {@link #UNKNOWN}. With the pid it names a process uniquely, also after the pid is used
   * again.
   */
  public abstract long startTime(long pid);

  /**
   * Tells of pids of living processes whether these have been started since a time, as far as the
   * system's clocks can tell: rather one too many than one too few.
   *
   * @param nanoTime as {@link System#nanoTime} tells it
   */
  public abstract LongPredicate startedSince(long nanoTime);

  /** How exactly the system knows when a process started, in nanoseconds. */
  public abstract long startPrecision();

  /**
   * The set of processes in which a pid means the same; pids of another scope must not be looked
   * up. Containers that share {@code /dev/shm} have different scopes.
   */
  public abstract String pidScope();

  /**
   * Makes a named pipe, with access for this user only.
   *
   * @return false where the platform has none, or the means to make them are missing
   * @throws IOException when interrupted while making it
   */
  public abstract boolean makePipe(Path path) throws IOException;

  /** Whether a file, which may be a link, belongs to the user that this process runs as. */
  public abstract boolean isOwn(Path file) throws IOException;

  /** How threads of different processes wait on a word of shared memory here. */
  public abstract WordWait wordWait();

  /** The name of a signal without its prefix, as {@code KILL} for 9, or its number as text. */
  public abstract String signalName(int signal);

  /** The most resident memory that a living process has had, in bytes; -1 if that is not known. */
  public abstract long peakMemory(long pid);

  /** The resident memory of a living process now, in bytes; -1 if that is not known. */
  public abstract long residentMemory(long pid);

  /**
   * How much memory processes of this one's may take before others would have to give some up, in
   * bytes; -1 if that is not known.
   */
  public abstract long availableMemory();

  /** How many processes the kernel has killed for want of memory so far; 0 if it does not say. */
  public abstract long killsForMemory();

  /** Whether a process can be ended by a signal, so that exit values from 129 on may mean one. */
  public abstract boolean hasSignals();

  /**
   * Makes this process ignore the interrupt key of the terminal, which reaches all processes of a
   * group: what it means is the parent's decision.
   */
  @SuppressWarnings("sunapi")
  public void ignoreInterruptKey() {
    Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
  }

  /**
   * Bytes that nobody can guess; made without what is slow in a fresh JVM where that is possible.
   */
  public byte[] secret(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static final class Holder {
    static final Os CURRENT =
        choose(System.getProperty(PROPERTY, ""), System.getProperty("os.name", ""));
  }
}
