package dev.procession.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waiting costs: nearly nothing, however long. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
@Tag("stress") // counts processor time, which other work on the machine makes more of
class WaitingCostTest {
  /** What is waited for. */
  enum Wait {
    NOTHING,
    LOCK,
    REENTRANT_LOCK,
    CONDITION,
    SEMAPHORE,
    MANY_PERMITS,
    BOUNDED_PERMITS,
    EVENT,
    BARRIER
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void waiting_twoSeconds_costsNoMoreThanSleeping(Wait wait) throws Exception {
    int processes = wait == Wait.MANY_PERMITS ? 4 : 2;
    try (var lock = ProcessLock.open();
        var reentrant = ProcessReentrantLock.open();
        var conditionLock = ProcessLock.open();
        var condition = conditionLock.newCondition();
        var semaphore = ProcessSemaphore.open(0);
        var many = ProcessSemaphore.open(1);
        var bounded = ProcessSemaphore.openBounded(1);
        var event = ProcessEvent.open();
        var barrier = ProcessBarrier.open(3);
        var pool =
            Pool.processes(
                options ->
                    options
                        .withWorkers(processes)
                        .withJvmOptions("--enable-native-access=ALL-UNNAMED"))) {
      lock.lock();
      reentrant.lock();
      bounded.acquire();
      List<CompletableFuture<Long>> costs = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        costs.add(
            pool.submit(
                () -> {
                  await(
                      wait,
                      lock,
                      reentrant,
                      conditionLock,
                      condition,
                      semaphore,
                      many,
                      bounded,
                      event,
                      barrier,
                      1000);
                  long before = processorTime();
                  await(
                      wait,
                      lock,
                      reentrant,
                      conditionLock,
                      condition,
                      semaphore,
                      many,
                      bounded,
                      event,
                      barrier,
                      2000);
                  return processorTime() - before;
                }));
      }
      for (CompletableFuture<Long> cost : costs) {
        Duration used = Duration.ofNanos(cost.get(30, SECONDS));
        assertThat(used).isLessThan(Duration.ofMillis(40));
      }
    }
  }

  private static void await(
      Wait wait,
      ProcessLock lock,
      ProcessReentrantLock reentrant,
      ProcessLock conditionLock,
      ProcessCondition condition,
      ProcessSemaphore semaphore,
      ProcessSemaphore many,
      ProcessSemaphore bounded,
      ProcessEvent event,
      ProcessBarrier barrier,
      int millis)
      throws Exception {
    boolean _ =
        switch (wait) {
          case NOTHING -> {
            Thread.sleep(millis);
            yield true;
          }
          case LOCK -> lock.tryLock(millis, TimeUnit.MILLISECONDS);
          case REENTRANT_LOCK -> reentrant.tryLock(millis, TimeUnit.MILLISECONDS);
          case CONDITION -> {
            conditionLock.lock();
            boolean signalled = condition.await(millis, TimeUnit.MILLISECONDS);
            conditionLock.unlock();
            yield signalled;
          }
          case SEMAPHORE -> semaphore.tryAcquire(millis, TimeUnit.MILLISECONDS);
          case MANY_PERMITS -> many.tryAcquire(5, millis, TimeUnit.MILLISECONDS);
          case BOUNDED_PERMITS -> bounded.tryAcquire(millis, TimeUnit.MILLISECONDS);
          case EVENT -> event.await(Duration.ofMillis(millis));
          case BARRIER -> {
            try {
              yield barrier.await(Duration.ofMillis(millis)) > 0;
            } catch (java.util.concurrent.TimeoutException
                | java.util.concurrent.BrokenBarrierException e) {
              barrier.reset();
              yield false;
            }
          }
        };
  }

  /** Nanoseconds that the threads of this process have run. */
  private static long processorTime() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.mapToLong(WaitingCostTest::ran).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long ran(Path thread) {
    try {
      String statistics = Files.readString(thread.resolve("schedstat"));
      return Long.parseLong(statistics.substring(0, statistics.indexOf(' ')));
    } catch (IOException e) {
      return 0; // it has ended
    }
  }

  @Test
  void virtualThreads_waitForLocks_leaveTheirCarriersToOthers() throws Exception {
    List<ProcessLock> locks = new ArrayList<>();
    List<Thread> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        ProcessLock lock = ProcessLock.open();
        lock.lock();
        locks.add(lock);
        waiting.add(
            Thread.startVirtualThread(
                () -> {
                  lock.lock();
                  lock.unlock();
                }));
      }
      for (int i = 0; i < 20; i++) {
        long start = System.nanoTime();
        Thread other = Thread.startVirtualThread(() -> {});
        assertThat(other.join(Duration.ofSeconds(5))).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
      }
      assertThat(waiting).allMatch(Thread::isAlive);
      locks.forEach(ProcessLock::unlock);
      for (Thread thread : waiting) {
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
      }
    } finally {
      locks.forEach(ProcessLock::close);
    }
  }
}
