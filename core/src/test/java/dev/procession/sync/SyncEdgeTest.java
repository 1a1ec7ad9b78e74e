package dev.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.internal.shared.Ghost;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Extreme times, handles that are closed while they are used, and processes short of something. */
@Timeout(30)
@SuppressWarnings({"JavaUtilDate", "LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class SyncEdgeTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  // times

  @Test
  void tryLock_timeoutLongAgo_returnsAtOnce() throws Exception {
    try (var lock = ProcessLock.open()) {
      lock.lock();
      assertThat(lock.tryLock(Long.MIN_VALUE, SECONDS)).isFalse();
      assertThat(lock.tryLock(Long.MIN_VALUE, NANOSECONDS)).isFalse();
    }
  }

  @Test
  void await_untilLongAgoOrNegative_returnsAtOnceAsTimedOut() throws Exception {
    try (var lock = ProcessLock.open();
        var condition = lock.newCondition()) {
      lock.lock();
      assertThat(condition.awaitUntil(new Date(Long.MIN_VALUE))).isFalse();
      assertThat(condition.awaitNanos(Long.MIN_VALUE)).isNotPositive();
      lock.unlock();
    }
  }

  @Test
  void await_endlessOrEndlesslyNegativeDuration_isForEverOrNoTime() throws Exception {
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    try (var event = ProcessEvent.open();
        var barrier = ProcessBarrier.open(1);
        var semaphore = ProcessSemaphore.open(0)) {
      assertThat(event.await(endless.negated())).isFalse();
      event.set();
      assertThat(event.await(endless)).isTrue();
      assertThat(barrier.await(endless)).isZero();
      assertThat(semaphore.tryAcquire(Long.MIN_VALUE, SECONDS)).isFalse();
    }
  }

  // closing

  @Test
  void unlock_closedMeanwhile_frees() throws Exception {
    try (var lock = ProcessLock.open();
        var about = ProcessEvent.open()) {
      lock.lock();
      var waiter =
          ChildProcess.start(
              () -> {
                about.set();
                lock.lock();
                lock.unlock();
              });
      about.await();
      lock.close();
      lock.unlock();

      assertThat(waiter.join(Duration.ofSeconds(5))).isTrue();
      assertThat(waiter.failure()).isEmpty();
      assertThatThrownBy(lock::tryLock).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void condition_closedWhileAThreadWaits_aSignalIsNotLost() throws Exception {
    try (var lock = ProcessLock.open();
        var condition = lock.newCondition()) {
      var other = new ProcessCondition(copy(condition), lock);
      CompletableFuture<Boolean> first = waitFor(lock, condition, other, 1);
      CompletableFuture<Boolean> second = waitFor(lock, other, other, 2);
      condition.close();
      lock.lock();
      other.signal();
      lock.unlock();
      assertThat(first.get(2, SECONDS)).isTrue();
      lock.lock();
      other.signal();
      lock.unlock();
      assertThat(second.get(2, SECONDS)).isTrue();
      assertThat(other.waiting()).isZero();
    }
  }

  /** Another handle of the same. */
  private static dev.procession.internal.shared.SharedHandle copy(ProcessCondition condition)
      throws IOException {
    return Ghost.pausingBefore(-1, () -> {}).view(condition.handle());
  }

  private CompletableFuture<Boolean> waitFor(
      ProcessLock lock, ProcessCondition condition, ProcessCondition seen, int waiting) {
    CompletableFuture<Boolean> waits =
        CompletableFuture.supplyAsync(
            () -> {
              lock.lock();
              try {
                return condition.await(20, SECONDS);
              } catch (InterruptedException e) {
                return false;
              } finally {
                lock.unlock();
              }
            },
            threads);
    while (seen.waiting() < waiting && !waits.isDone()) {
      Thread.onSpinWait();
    }
    return waits;
  }

  private static final CountDownLatch inAction = new CountDownLatch(1);
  private static final CountDownLatch actionMayEnd = new CountDownLatch(1);

  @Test
  void barrier_closedWhileItsActionRuns_allGoOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (var barrier =
        ProcessBarrier.open(
            2,
            () -> {
              begun.countDown();
              closed.await();
            })) {
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(() -> await(barrier), threads);
      CompletableFuture<Integer> second =
          CompletableFuture.supplyAsync(() -> await(barrier), threads);
      begun.await();
      barrier.close();
      closed.countDown();
      assertThat(List.of(first.get(2, SECONDS), second.get(2, SECONDS)))
          .containsExactlyInAnyOrder(0, 1);
    }
  }

  @Test
  void barrier_someoneComesTooLateAndDoesNotWait_theRoundIsNotBroken() throws Exception {
    try (var barrier =
        ProcessBarrier.open(
            2,
            () -> {
              inAction.countDown();
              actionMayEnd.await();
            })) {
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(() -> await(barrier), threads);
      CompletableFuture<Integer> second =
          CompletableFuture.supplyAsync(() -> await(barrier), threads);
      inAction.await();
      assertThatThrownBy(() -> barrier.await(Duration.ofMillis(20)))
          .isInstanceOf(TimeoutException.class);
      actionMayEnd.countDown();
      assertThat(List.of(first.get(2, SECONDS), second.get(2, SECONDS)))
          .containsExactlyInAnyOrder(0, 1);
      assertThat(barrier.isBroken()).isFalse();
    }
  }

  private static int await(ProcessBarrier barrier) {
    try {
      return barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void semaphore_closedMeanwhile_canBeGivenBack() throws Exception {
    try (var semaphore = ProcessSemaphore.openBounded(1);
        var about = ProcessEvent.open()) {
      semaphore.acquire();
      var waiter =
          ChildProcess.start(
              () -> {
                about.set();
                semaphore.acquire();
              });
      about.await();
      semaphore.close();
      semaphore.release();
      assertThat(waiter.join(Duration.ofSeconds(5))).isTrue();
      assertThat(waiter.failure()).isEmpty();
    }
  }

  // bounded permits

  @Test
  void availablePermits_ownerHasEnded_countsItsPermits() throws Exception {
    try (var semaphore = ProcessSemaphore.openBounded(2);
        var owner = ChildProcess.start(() -> semaphore.acquire(2))) {
      owner.join();
      assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
  }

  @Test
  void boundedSemaphore_morePlacesTakenByTheDeadThanThereAre_othersStillAcquire() throws Exception {
    try (var semaphore = ProcessSemaphore.openBounded(OwnedPermits.PROCESSES + 10)) {
      for (int i = 0; i < OwnedPermits.PROCESSES + 2; i++) {
        try (var ghost = Ghost.dyingBefore(1_000_000)) {
          var dying = new ProcessSemaphore(ghost.view(semaphore.handle()));
          assertThat(ghost.dies(dying::acquire)).isFalse();
        }
      }
      assertThat(semaphore.tryAcquire()).isTrue();
      semaphore.release();
    }
  }

  @Test
  void availablePermits_whileTwoProcessesTakeTurns_isNeverMoreOrLessThanThereCanBe()
      throws Exception {
    try (var semaphore = ProcessSemaphore.openBounded(1);
        var ghost = Ghost.dyingBefore(Integer.MAX_VALUE)) {
      var other = new ProcessSemaphore(ghost.view(semaphore.handle()));
      CountDownLatch end = new CountDownLatch(1);
      var turns =
          List.of(
              CompletableFuture.runAsync(() -> takeTurns(semaphore, end), threads),
              CompletableFuture.runAsync(() -> takeTurns(other, end), threads));
      try {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < SECONDS.toNanos(1)) {
          assertThat(semaphore.availablePermits()).isBetween(0, 1);
        }
      } finally {
        end.countDown();
        turns.forEach(CompletableFuture::join);
      }
    }
  }

  private static void takeTurns(ProcessSemaphore semaphore, CountDownLatch end) {
    while (end.getCount() > 0) {
      if (semaphore.tryAcquire()) {
        semaphore.release();
      }
    }
  }

  // platforms

  @Test
  void lock_capturedForAProcessOfAnotherPlatform_isRefused() throws Exception {
    String other =
        System.getProperty("dev.procession.os", "").equals("portable") ? "linux" : "portable";
    try (var lock = ProcessLock.open();
        var child =
            ChildProcess.start(
                options -> options.withSystemProperty("dev.procession.os", other),
                () -> lock.tryLock())) {
      child.join();
      assertThat(child.failure().orElseThrow())
          .hasStackTraceContaining("another dev.procession.os");
    }
  }

  // file descriptors

  /** A program that has no file descriptor left, and wants a lock that somebody has. */
  static final class Exhausted {
    private Exhausted() {}

    public static void main(String[] arguments) throws Exception {
      ProcessLock lock;
      try (var in = new ObjectInputStream(Files.newInputStream(Path.of(arguments[0])))) {
        lock = (ProcessLock) in.readObject();
      }
      System.out.print(lock.tryLock(100, MILLISECONDS));
      List<InputStream> open = new ArrayList<>();
      try {
        while (true) {
          open.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        System.out.print(lock.tryLock());
        System.out.print(lock.tryLock(300, MILLISECONDS));
      }
      System.out.println(open.size() > 2);
    }
  }

  @Test
  void tryLock_noFileDescriptorIsLeft_isNotTakenFromTheLiving(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("lock");
    try (var lock = ProcessLock.open()) {
      try (var out = new ObjectOutputStream(Files.newOutputStream(file))) {
        out.writeObject(lock);
      }
      lock.lock();
      Process program =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "ulimit -n 100; exec \"$@\"",
                  "sh",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:-MaxFDLimit",
                  "-Ddev.procession.os=" + System.getProperty("dev.procession.os", ""),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Exhausted.class.getName(),
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(
              new String(
                      program.getInputStream().readAllBytes(),
                      java.nio.charset.StandardCharsets.UTF_8)
                  .strip())
          .isEqualTo("falsefalsefalsetrue");
      lock.unlock();
    }
  }
}
