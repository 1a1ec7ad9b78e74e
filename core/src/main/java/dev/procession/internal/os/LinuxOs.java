package dev.procession.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/** Linux: tmpfs, futexes, {@code proc(5)} and {@code mkfifo(1)}. */
final class LinuxOs extends Os {
  /** Names of the signals 1 to 31, from signal(7) on x86-64 and ARM. */
  private static final String[] SIGNALS = {
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };

  /** In {@code /proc/PID/stat}, counted after the parenthesis that closes the command's name. */
  private static final int START_TIME_FIELD = 19;

  /** Start times are in hundredths of a second, whatever clock the kernel has. */
  private static final long TICK_NANOS = 10_000_000;

  /** Longer than it ever is: 52 fields of up to 20 digits, and a name of up to 64 bytes. */
  private static final int LONGEST_STAT = 2048;

  /** Of the container that this process is in, as it sees it. */
  private static final String CGROUP = "/sys/fs/cgroup";

  private final PortableOs portable = new PortableOs();

  @Override
  public String name() {
    return "linux";
  }

  @Override
  public byte[] secret(int length) {
    try (FileInputStream file = new FileInputStream("/dev/urandom")) {
      byte[] bytes = file.readNBytes(length);
      if (bytes.length == length) {
        return bytes;
      }
    } catch (IOException e) {
      // as in a sandbox without it
    }
    return super.secret(length);
  }

  @Override
  public List<Path> segmentFolders() {
    List<Path> folders = new ArrayList<>();
    Path shm = Path.of("/dev/shm");
    if (Files.isWritable(shm)) {
      folders.add(shm);
    }
    folders.addAll(portable.segmentFolders());
    return folders;
  }

  @Override
  public long startTime(long pid) {
    return startTimeIn("/proc/" + pid + "/stat");
  }

  private static long startTimeIn(String path) {
    byte[] stat;
    // who waits does this ten times a second, so without what Files and String would do besides
    try (FileInputStream file = new FileInputStream(path)) {
      stat = file.readNBytes(LONGEST_STAT);
    } catch (IOException e) {
      // a process short of file descriptors cannot read it either, and may not take that for a
      // death
      return Files.exists(Path.of(path).getParent()) ? UNKNOWN : NO_PROCESS;
    }
    int at = stat.length - 1;
    while (stat[at] != ')') {
      at--;
    }
    at += 2;
    if (stat[at] == 'Z' || stat[at] == 'X') {
      return NO_PROCESS;
    }
    for (int field = 0; field < START_TIME_FIELD; at++) {
      field += stat[at] == ' ' ? 1 : 0;
    }
    long start = 0;
    for (; stat[at] != ' '; at++) {
      start = 10 * start + stat[at] - '0';
    }
    return start;
  }

  @Override
  public LongPredicate startedSince(long nanoTime) {
    // the clock of start times need not be that of /proc/uptime, in containers that show their own
    AtomicLong now = new AtomicLong(UNKNOWN);
    Thread youngest =
        SystemThreads.own()
            .name("procession-clock")
            .start(() -> now.set(startTimeIn("/proc/thread-self/stat")));
    long passed = System.nanoTime() - nanoTime;
    SystemThreads.awaitEnd(youngest);
    if (now.get() == UNKNOWN || now.get() == NO_PROCESS) {
      return pid -> false;
    }
    long least = now.get() - passed / TICK_NANOS - 1;
    return pid -> {
      long start = startTime(pid);
      return start != UNKNOWN && start != NO_PROCESS && start >= least;
    };
  }

  @Override
  public long startPrecision() {
    return TICK_NANOS;
  }

  @Override
  public String pidScope() {
    try {
      // reads as pid:[4026531836]
      String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return link.substring(link.indexOf('[') + 1, link.indexOf(']'));
    } catch (IOException e) {
      return "unknown";
    }
  }

  @Override
  public boolean makePipe(Path path) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder("mkfifo", "-m", "600", path.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return false; // a container without coreutils
    }
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      process.destroyForcibly().onExit().join(); // what it has made is there now, or never
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while making a named pipe", e);
    }
  }

  @Override
  public boolean isOwn(Path file) throws IOException {
    Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  @Override
  public WordWait wordWait() {
    return Waits.BEST;
  }

  @Override
  public String signalName(int signal) {
    return signal >= 1 && signal <= SIGNALS.length ? SIGNALS[signal - 1] : String.valueOf(signal);
  }

  @Override
  public long peakMemory(long pid) {
    return kibibytes(pid, "VmHWM:");
  }

  @Override
  public long residentMemory(long pid) {
    return kibibytes(pid, "VmRSS:");
  }

  private static long kibibytes(long pid, String what) {
    // reads as "VmHWM:     43212 kB"
    long kibibytes = number("/proc/" + pid + "/status", what);
    return kibibytes < 0 ? -1 : kibibytes * 1024;
  }

  @Override
  public long availableMemory() {
    // reads as "MemAvailable:   12345 kB", of the whole machine, also in a container
    long machine = number("/proc/meminfo", "MemAvailable:");
    return machine < 0 ? -1 : Math.min(machine * 1024, leftInContainer(Path.of(CGROUP)));
  }

  /** What is left of the limit of a control group, of either version; all if it has none. */
  static long leftInContainer(Path cgroup) {
    // without a limit, the file reads as "max" or as more than there ever is, or is not there
    long left = left(cgroup, "memory.max", "memory.current", "memory.stat", "inactive_file ");
    long leftOfVersion1 =
        left(
            cgroup.resolve("memory"),
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            "memory.stat",
            "total_inactive_file ");
    return Math.min(left, leftOfVersion1);
  }

  private static long left(Path group, String limitIn, String usedIn, String statIn, String cache) {
    long limit = number(group.resolve(limitIn).toString(), "");
    long used = number(group.resolve(usedIn).toString(), "");
    long cached = number(group.resolve(statIn).toString(), cache);
    return limit < 0 || used < 0 ? Long.MAX_VALUE : limit - used + Math.max(0, cached);
  }

  @Override
  public long killsForMemory() {
    // of the whole machine, also in a container; reads as "oom_kill 0"
    return Math.max(0, number("/proc/vmstat", "oom_kill "));
  }

  /** The number in the line of a file that begins so, or -1. */
  private static long number(String file, String begin) {
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        if (line.startsWith(begin)) {
          String rest = line.substring(begin.length()).strip();
          int unit = rest.indexOf(' ');
          return Long.parseLong(unit < 0 ? rest : rest.substring(0, unit));
        }
      }
      return -1;
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public boolean hasSignals() {
    return true;
  }

  private static final class Waits {
    static final WordWait BEST = best();

    private static WordWait best() {
      // without native access the JVM would print a warning, and a library prints nothing
      if (!Waits.class.getModule().isNativeAccessEnabled()) {
        return new PollingWait();
      }
      try {
        return Futex.link(System.getProperty("os.arch", ""));
      } catch (UnsupportedOperationException e) {
        return new PollingWait();
      }
    }
  }
}
