package dev.procession.internal.os;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/** Any platform, with the means of the JDK alone: a temporary folder and polling. */
final class PortableOs extends Os {
  private static final int SIGKILL = 9;

  private final WordWait wait = new PollingWait();

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public List<Path> segmentFolders() {
    return List.of(Path.of(System.getProperty("java.io.tmpdir", ".")));
  }

  @Override
  public long startTime(long pid) {
    return ProcessHandle.of(pid)
        .map(process -> process.info().startInstant().map(Instant::toEpochMilli).orElse(UNKNOWN))
        .orElseGet(PortableOs::none);
  }

  @Override
  public LongPredicate startedSince(long nanoTime) {
    Duration since = Duration.ofNanos(System.nanoTime() - nanoTime + startPrecision());
    Instant least = Instant.now().minus(since);
    return pid ->
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().startInstant())
            .filter(start -> !start.isBefore(least))
            .isPresent();
  }

  /** Some systems tell times to a second. */
  @Override
  public long startPrecision() {
    return TimeUnit.SECONDS.toNanos(1);
  }

  /** Who does not see itself either, for want of file descriptors, knows of nobody. */
  private static long none() {
    return ProcessHandle.current().isAlive() ? NO_PROCESS : UNKNOWN;
  }

  @Override
  public String pidScope() {
    return "host";
  }

  @Override
  public boolean makePipe(Path path) {
    return false;
  }

  /** Where files have owners; elsewhere folders are what keeps others out. */
  @Override
  public boolean isOwn(Path file) throws IOException {
    try {
      String user = System.getProperty("user.name", "");
      String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
      return owner.equals(user) || owner.endsWith('\\' + user);
    } catch (UnsupportedOperationException e) {
      return true;
    }
  }

  @Override
  public WordWait wordWait() {
    return wait;
  }

  @Override
  public String signalName(int signal) {
    return signal == SIGKILL ? "KILL" : String.valueOf(signal);
  }

  @Override
  public long peakMemory(long pid) {
    return -1;
  }

  @Override
  public long residentMemory(long pid) {
    return -1;
  }

  @Override
  public long availableMemory() {
    return -1;
  }

  @Override
  public long killsForMemory() {
    return 0;
  }

  @Override
  public boolean hasSignals() {
    return File.separatorChar == '/';
  }
}
