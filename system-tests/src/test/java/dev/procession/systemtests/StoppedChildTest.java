package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that is stopped (SIGSTOP), but not dead, does to those who wait for it. */
class StoppedChildTest {
  private static final int PATIENCE_MILLIS = 300;
  private static final Duration IN_TIME = Duration.ofSeconds(2);
  private static final int MANY = 20_000;

  @TempDir Path folder;
  private String go;

  @BeforeEach
  void nameFile() {
    go = folder.resolve("go").toString();
  }

  @Test
  void join_childIsStopped_returnsInTimeAndChildGoesOn() throws Exception {
    String file = go;
    try (ChildProcess<Integer> child = ChildProcess.call(() -> waitFor(file))) {
      stop(child.pid());
      try {
        Files.createFile(Path.of(go));
        long start = System.nanoTime();
        assertThat(child.join(Duration.ofMillis(PATIENCE_MILLIS))).isFalse();
        assertThatThrownBy(() -> child.result().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
        assertThat(child.isAlive()).isTrue();
      } finally {
        goOn(child.pid());
      }
      assertThat(child.result().get(10, TimeUnit.SECONDS)).isEqualTo(42);
      assertThat(child.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void kill_childIsStopped_endsIt() throws Exception {
    String file = go;
    try (ChildProcess<Integer> child = ChildProcess.call(() -> waitFor(file))) {
      stop(child.pid());
      child.kill();
      assertThat(child.join(Duration.ofSeconds(5))).isTrue();
      assertThat(child.exitStatus().orElseThrow()).hasToString("signal 9 (KILL)");
    }
  }

  @Test
  void submit_onlyWorkerIsStopped_getReturnsInTimeAndPoolGoesOn() throws Exception {
    try (Pool pool = Pool.processes(1)) {
      long pid = pid(pool);
      stop(pid);
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      try {
        long start = System.nanoTime();
        for (int i = 0; i < MANY; i++) {
          int number = i;
          futures.add(pool.submit(() -> number));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        long asked = System.nanoTime();
        assertThatThrownBy(() -> futures.getLast().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(IN_TIME);
      } finally {
        goOn(pid);
      }
      for (int i = 0; i < MANY; i++) {
        assertThat(futures.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
      }
    }
  }

  @Test
  void submit_oneOfTwoWorkersIsStopped_otherDoesTheWork() throws Exception {
    String file = go;
    try (Pool pool = Pool.processes(2)) {
      CompletableFuture<Long> stuck =
          pool.submit(() -> waitFor(file) + ProcessHandle.current().pid());
      long other = pid(pool);
      long stopped =
          pool.stats().workers().stream()
              .mapToLong(worker -> worker.pid())
              .filter(pid -> pid != other)
              .findAny()
              .orElseThrow();
      stop(stopped);
      try {
        List<CompletableFuture<Long>> futures = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          futures.add(pool.submit(() -> ProcessHandle.current().pid()));
        }
        for (CompletableFuture<Long> future : futures) {
          assertThat(future.get(10, TimeUnit.SECONDS)).isEqualTo(other);
        }
        Files.createFile(Path.of(go));
      } finally {
        goOn(stopped);
      }
      assertThat(stuck.get(10, TimeUnit.SECONDS)).isEqualTo(42 + stopped);
    }
  }

  private static int waitFor(String file) throws InterruptedException {
    while (!Files.exists(Path.of(file))) {
      Thread.sleep(5);
    }
    return 42;
  }

  private static long pid(Pool pool)
      throws InterruptedException, ExecutionException, TimeoutException {
    return pool.submit(() -> ProcessHandle.current().pid()).get(10, TimeUnit.SECONDS);
  }

  private static void stop(long pid) throws IOException, InterruptedException {
    Program.signal("STOP", List.of(pid));
  }

  private static void goOn(long pid) throws IOException, InterruptedException {
    Program.signal("CONT", List.of(pid));
  }
}
