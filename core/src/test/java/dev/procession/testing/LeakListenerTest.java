package dev.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What {@link LeakListener} finds, and what it lets pass. */
class LeakListenerTest {
  private static final long PID = ProcessHandle.current().pid();

  /** Cleans up after the classes below, which this class would otherwise fail for. */
  private static final Closeables CLEANUP = new Closeables();

  @AfterEach
  void cleanUp() throws Exception {
    CLEANUP.close();
  }

  @Test
  void findsProcess() {
    assertThat(failureOf(LeaksProcess.class))
        .contains(LeaksProcess.class.getName())
        .containsPattern("process \\d+: .*java.*" + Bystander.class.getSimpleName());
  }

  @Test
  void findsThread() {
    assertThat(failureOf(LeaksThread.class))
        .contains(LeaksThread.class.getName(), "thread \"procession-leaked\"")
        .contains("java.util.concurrent.CountDownLatch.await(");
  }

  @Test
  void findsFileOfThisProcess() {
    assertThat(failureOf(LeaksFile.class))
        .contains(LeaksFile.class.getName(), "file " + LeaksFile.FILE)
        .doesNotContain(LeaksFile.FILE_OF_ANOTHER.toString());
  }

  @Test
  void findsFileInSharedMemory() {
    assumeTrue(Files.isDirectory(Path.of("/dev/shm")));
    assertThat(failureOf(LeaksSharedMemory.class)).contains("file " + LeaksSharedMemory.FILE);
  }

  @Test
  void namesEverythingAtOnce() {
    assertThat(failureOf(LeaksThreadAndFile.class))
        .contains("thread \"procession-leaked\"", "file " + LeaksFile.FILE);
  }

  @Test
  void looksAfterTheOutermostClassOnly() {
    assertThat(failures(Outer.class)).isEmpty();
  }

  @Test
  void allowsThreadsOfTheJvm() {
    assertThat(failures(KeepsSharedThread.class)).isEmpty();
  }

  @Test
  void waitsForWhatIsAboutToEnd() {
    assertThat(failures(EndsSoon.class)).isEmpty();
  }

  @Test
  void looksAfterAutoClose() {
    assertThat(failures(ClosesAutomatically.class)).isEmpty();
  }

  private static String failureOf(Class<?> testClass) {
    List<String> failures = failures(testClass);
    assertThat(failures).hasSize(1);
    return failures.getFirst();
  }

  /** The messages of all failures; they must be ones of the class, not of a method. */
  private static List<String> failures(Class<?> testClass) {
    EngineExecutionResults results =
        EngineTestKit.engine("junit-jupiter")
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
            .configurationParameter(LeakListener.SECONDS_PARAMETER, "1")
            .selectors(selectClass(testClass))
            .execute();
    results.testEvents().assertStatistics(tests -> tests.started(1).succeeded(1));
    return results
        .containerEvents()
        .failed()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow().getMessage())
        .toList();
  }

  private static Thread startThread(String name, CountDownLatch end) {
    return Thread.ofPlatform()
        .name(name)
        .start(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** A thread which ends when this is closed. */
  private static final class Running implements AutoCloseable {
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    Running(String name) {
      thread = startThread(name, end);
    }

    @Override
    public void close() throws InterruptedException {
      end.countDown();
      thread.join();
    }
  }

  static class LeaksProcess {
    @Test
    void test() throws IOException {
      Process process = Bystander.start();
      CLEANUP.push(
          () -> {
            process.destroyForcibly().waitFor();
          });
    }
  }

  static class LeaksThread {
    @Test
    void test() {
      CLEANUP.push(new Running("procession-leaked"));
    }
  }

  static class LeaksFile {
    static final Path FILE =
        Path.of(System.getProperty("java.io.tmpdir"), "procession-" + PID + "-leaked");
    static final Path FILE_OF_ANOTHER =
        Path.of(System.getProperty("java.io.tmpdir"), "procession-" + PID + "0-leaked");

    @Test
    void test() throws IOException {
      CLEANUP.push(() -> Files.delete(FILE));
      CLEANUP.push(() -> Files.delete(FILE_OF_ANOTHER));
      Files.createFile(FILE);
      Files.createFile(FILE_OF_ANOTHER);
    }
  }

  static class LeaksSharedMemory {
    static final Path FILE = Path.of("/dev/shm", "procession-" + PID + "-leaked");

    @Test
    void test() throws IOException {
      CLEANUP.push(() -> Files.delete(FILE));
      Files.createFile(FILE);
    }
  }

  static class LeaksThreadAndFile {
    @Test
    void test() throws IOException {
      CLEANUP.push(new Running("procession-leaked"));
      CLEANUP.push(() -> Files.delete(LeaksFile.FILE));
      Files.createFile(LeaksFile.FILE);
    }
  }

  static class KeepsSharedThread {
    @Test
    void test() {
      CLEANUP.push(new Running("procession-shared-timer"));
      CLEANUP.push(new Running("another-thread"));
    }
  }

  static class EndsSoon {
    @Test
    void test() {
      CountDownLatch never = new CountDownLatch(1);
      Thread.ofPlatform()
          .name("procession-ending")
          .start(
              () -> {
                try {
                  assertThat(never.await(200, TimeUnit.MILLISECONDS)).isFalse();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
  }

  static class ClosesAutomatically {
    @AutoClose static final Running RUNNING = new Running("procession-auto-closed");

    @Test
    void test() {
      assertThat(RUNNING.thread.isAlive()).isTrue();
    }
  }

  static class Outer {
    @AutoClose static final Running RUNNING = new Running("procession-of-the-outer-class");

    @Nested
    class Inner {
      @Test
      void test() {
        assertThat(RUNNING.thread.isAlive()).isTrue();
      }
    }
  }
}
