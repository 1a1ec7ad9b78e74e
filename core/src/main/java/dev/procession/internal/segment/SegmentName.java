package dev.procession.internal.segment;

import dev.procession.internal.os.Os;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file that processes share: {@code procession-PID-START-SCOPE-NUMBER.KIND}.
 *
 * @param pid of the creator
 * @param start time of the creator, as {@link Os#startTime} gives it
 * @param scope in which the pid means something, {@link Os#pidScope}
 * @param number counts the creator's names
 * @param kind what the file is, for people who look into the folder
 */
record SegmentName(long pid, long start, String scope, long number, String kind) {
  static final String PREFIX = "procession-";

  /** A name that this process has not used before. */
  static SegmentName next(String kind) {
    return new SegmentName(Me.PID, Me.START, Me.SCOPE, Me.NAMES.incrementAndGet(), kind);
  }

  /** The name behind a file name, or null when the file is none of ours. */
  static @Nullable SegmentName parse(String fileName) {
    int dot = fileName.indexOf('.');
    if (dot < 0 || !fileName.startsWith(PREFIX)) {
      return null;
    }
    String[] parts = fileName.substring(PREFIX.length(), dot).split("-", -1);
    if (parts.length != 4) {
      return null;
    }
    try {
      return new SegmentName(
          Long.parseLong(parts[0]),
          Long.parseLong(parts[1]),
          parts[2],
          Long.parseLong(parts[3]),
          fileName.substring(dot + 1));
    } catch (NumberFormatException e) {
      return null; // somebody else's file with our prefix
    }
  }

  /** Whether this process is its creator. */
  boolean isOurs() {
    return pid == Me.PID && start == Me.START && scope.equals(Me.SCOPE);
  }

  /** Whether its creator is known to be gone. When in doubt, it is not. */
  boolean isAbandoned() {
    if (!scope.equals(Me.SCOPE)) {
      return false;
    }
    long now = Os.current().startTime(pid);
    return now != start && now != Os.UNKNOWN;
  }

  String fileName() {
    return PREFIX + pid + '-' + start + '-' + scope + '-' + number + '.' + kind;
  }

  private static final class Me {
    static final long PID = ProcessHandle.current().pid();
    static final long START = Os.current().startTime(PID);
    static final String SCOPE = Os.current().pidScope();
    static final AtomicLong NAMES = new AtomicLong();
  }
}
