package dev.procession.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Finds the processes and files of one program. Its processes are known by an environment variable
 * that all of them inherit: also those whose parent is gone, which are nobody's descendants.
 */
final class Traces {
  static final String VARIABLE = "PROCESSION_SYSTEM_TEST";

  private static final long POLL_NANOS = 5_000_000;

  private final String mark = UUID.randomUUID().toString();

  /** All pids that were ever seen, as files carry the pid of their creator. */
  private final Set<Long> pids = new TreeSet<>();

  /** The value of {@link #VARIABLE}. */
  String mark() {
    return mark;
  }

  /** The program's processes that are alive. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> found =
        ProcessHandle.allProcesses()
            .filter(process -> isMarked(process.pid()))
            .filter(ProcessHandle::isAlive)
            .toList();
    found.forEach(process -> pids.add(process.pid()));
    return found;
  }

  private boolean isMarked(long pid) {
    try {
      Path environment = Path.of("/proc", Long.toString(pid), "environ");
      return Files.readString(environment, StandardCharsets.ISO_8859_1)
          .contains(VARIABLE + '=' + mark);
    } catch (IOException e) {
      return false; // it has ended, or is somebody else's
    }
  }

  /** What is left when the program has ended, as text; it has some time to go. */
  List<String> left(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> left = left();
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL_NANOS);
      left = left();
    }
    return left;
  }

  private List<String> left() {
    List<String> left = new ArrayList<>();
    for (ProcessHandle process : processes()) {
      left.add("process " + process.pid() + ' ' + process.info().commandLine().orElse(""));
    }
    for (Path folder : Set.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      files(folder).stream().filter(this::isOfProgram).forEach(file -> left.add("file " + file));
    }
    return left;
  }

  private boolean isOfProgram(Path file) {
    for (long pid : pids) {
      if (file.getFileName().toString().matches("procession-" + pid + "(\\D.*)?")) {
        return true;
      }
    }
    return false;
  }

  /** The files of this library in a folder. */
  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("procession-")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends whatever is left. */
  void killAll() {
    for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
      left.forEach(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
