package dev.procession.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class which leaves something behind: a process, a thread, or a file.
 *
 * <ul>
 *   <li>Processes: descendants of this JVM which are alive, and were not when the class began. A
 *       process whose parent ended is a descendant no more, and is not seen.
 *   <li>Threads: platform threads of this JVM named {@code procession-...}, except {@code
 *       procession-shared-...}, which live as long as the JVM.
 *   <li>Files: those named {@code procession-<pid of this JVM>...} in {@code /dev/shm} and in the
 *       directory for temporary files.
 * </ul>
 *
 * <p>They have {@value #SECONDS_PARAMETER} seconds (a system property; 5 where it is not set) to
 * go. JUnit attributes the failure to the class. Nested classes are part of the class around them,
 * which may well keep a pool for all of them.
 */
public final class LeakListener implements BeforeAllCallback {
  /** How long what ends by itself may take to end. */
  static final String SECONDS_PARAMETER = "procession.test.leak.seconds";

  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final Namespace NAMESPACE = Namespace.create(LeakListener.class);

  /** For JUnit, through {@code META-INF/services}. */
  public LeakListener() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    if (context.getRequiredTestClass().isAnnotationPresent(Nested.class)) {
      return;
    }
    Duration patience =
        context
            .getConfigurationParameter(SECONDS_PARAMETER, Long::valueOf)
            .map(Duration::ofSeconds)
            .orElse(DEFAULT_PATIENCE);
    // The store closes its values in reverse order, after all callbacks of the class: whatever
    // @AfterAll methods, @AutoClose fields and other extensions clean up is gone by then.
    context
        .getStore(NAMESPACE)
        .put("check", new Check(context.getRequiredTestClass(), descendants(), patience));
  }

  private static Set<ProcessHandle> descendants() {
    try (Stream<ProcessHandle> all = ProcessHandle.current().descendants()) {
      return all.filter(ProcessHandle::isAlive).collect(Collectors.toUnmodifiableSet());
    }
  }

  /** The check at the end of a class. */
  private record Check(Class<?> testClass, Set<ProcessHandle> before, Duration patience)
      implements AutoCloseable {
    @Override
    public void close() {
      long deadline = System.nanoTime() + patience.toNanos();
      List<String> leaks = leaks();
      while (!leaks.isEmpty() && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(POLL_NANOS);
        leaks = leaks();
      }
      if (!leaks.isEmpty()) {
        throw new AssertionError(
            "%s left behind, %d s after its end:%n%s"
                .formatted(
                    testClass.getName(),
                    patience.toSeconds(),
                    String.join(System.lineSeparator(), leaks)));
      }
    }

    private List<String> leaks() {
      List<String> leaks = new ArrayList<>();
      for (ProcessHandle process : descendants()) {
        if (!before.contains(process)) {
          leaks.add("process %d: %s".formatted(process.pid(), commandLine(process)));
        }
      }
      Thread.getAllStackTraces()
          .forEach(
              (thread, stack) -> {
                if (isOurs(thread.getName()) && thread.isAlive()) {
                  leaks.add("thread \"%s\"%s".formatted(thread.getName(), lines(stack)));
                }
              });
      for (Path directory :
          Set.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
        files(directory).forEach(file -> leaks.add("file " + file));
      }
      return leaks;
    }
  }

  private static boolean isOurs(String threadName) {
    return threadName.startsWith("procession-") && !threadName.startsWith("procession-shared-");
  }

  private static String lines(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .map(frame -> System.lineSeparator() + "    at " + frame)
        .collect(Collectors.joining());
  }

  private static List<Path> files(Path directory) {
    String prefix = "procession-" + ProcessHandle.current().pid();
    try (Stream<Path> files = Files.list(directory)) {
      // The next character must be no digit: 12 is not 123.
      return files
          .filter(file -> file.getFileName().toString().matches(prefix + "(\\D.*)?"))
          .toList();
    } catch (NotDirectoryException | NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line of a process; JDK 25 knows it only where the system tells. */
  static String commandLine(ProcessHandle process) {
    ProcessHandle.Info info = process.info();
    return info.commandLine()
        .or(info::command)
        .orElse("(command line unknown, a zombie or not ours)");
  }
}
