package dev.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedLong;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks and the like between processes: what they do, and what deaths do to them. */
@Timeout(60)
@SuppressWarnings({
  "LockNotBeforeTry",
  "WaitNotInLoop",
  "ReferenceEquality"
}) // what happens then is what is tested
class SyncTest {
  private static void sleepForEver() throws InterruptedException {
    Thread.sleep(Duration.ofHours(1));
  }

  /** Nanoseconds that something takes. */
  private static Duration time(Body body) throws Exception {
    long start = System.nanoTime();
    body.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private interface Body {
    void run() throws Exception;
  }

  // locks

  @Test
  void lock_manyProcessesCount_noneIsLost(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("count");
    Files.writeString(file, "0");
    String name = file.toString();
    try (var lock = ProcessLock.open();
        var pool = Pool.processes(4)) {
      pool.map(
          n -> {
            for (int i = 0; i < 50; i++) {
              lock.lock();
              try {
                int count = Integer.parseInt(Files.readString(Path.of(name)));
                Files.writeString(Path.of(name), String.valueOf(count + 1));
              } finally {
                lock.unlock();
              }
            }
            return n;
          },
          List.of(1, 2, 3, 4));
    }
    assertThat(Files.readString(file)).isEqualTo("200");
  }

  @Test
  void lock_ofTheSameProcess_isNotReentrantAndAnyoneMayUnlock() throws Exception {
    try (var lock = ProcessLock.open()) {
      lock.lock();
      assertThat(lock.tryLock()).isFalse();
      assertThat(lock.tryLock(20, MILLISECONDS)).isFalse();
      try (var child = ChildProcess.start(() -> lock.unlock())) {
        child.join();
        assertThat(child.failure()).isEmpty();
      }
      assertThat(lock.isLocked()).isFalse();
      assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }
  }

  @Test
  void lock_ownerIsKilled_isTakenOverAndSaysSo() throws Exception {
    try (var lock = ProcessLock.open();
        var locked = ProcessEvent.open()) {
      var owner =
          ChildProcess.start(
              () -> {
                lock.lock();
                locked.set();
                sleepForEver();
              });
      locked.await();
      assertThat(lock.tryLock()).isFalse();
      CompletableFuture<Boolean> taken =
          CompletableFuture.supplyAsync(
              () -> {
                lock.lock();
                return lock.isAbandoned();
              });
      owner.kill();
      owner.join();

      assertThat(taken.get(1, SECONDS)).isTrue();
      lock.unlock();
      lock.lock();
      assertThat(lock.isAbandoned()).isFalse();
    }
  }

  @Test
  void tryLock_ownerHasEnded_takesIt() throws Exception {
    try (var lock = ProcessLock.open();
        var owner = ChildProcess.start(() -> lock.lock())) {
      owner.join();

      assertThat(lock.tryLock()).isTrue();
      assertThat(lock.isAbandoned()).isTrue();
    }
  }

  @Test
  void lock_waiterIsKilledOrInterrupted_othersGoOn() throws Exception {
    try (var lock = ProcessLock.open();
        var about = ProcessEvent.open()) {
      lock.lock();
      var waiter =
          ChildProcess.start(
              () -> {
                about.set();
                lock.lock();
              });
      about.await();
      Thread interrupted =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      lock.lockInterruptibly();
                    } catch (InterruptedException e) {
                      return;
                    }
                  });
      Thread.sleep(100);
      interrupted.interrupt();
      assertThat(interrupted.join(Duration.ofSeconds(2))).isTrue();
      waiter.kill();
      waiter.join();
      assertThat(lock.tryLock()).isFalse();
      lock.unlock();

      assertThat(lock.tryLock(2, SECONDS)).isTrue();
    }
  }

  @Test
  void reentrantLock_isOfAThread() throws Exception {
    try (var lock = ProcessReentrantLock.open()) {
      lock.lock();
      lock.lock();
      assertThat(lock.getHoldCount()).isEqualTo(2);
      assertThat(CompletableFuture.supplyAsync(lock::tryLock).get(5, SECONDS)).isFalse();
      assertThatThrownBy(() -> CompletableFuture.runAsync(lock::unlock).get(5, SECONDS))
          .hasCauseInstanceOf(IllegalMonitorStateException.class);
      lock.unlock();
      try (var child = ChildProcess.call(() -> lock.tryLock())) {
        assertThat(child.result().join()).isFalse();
      }
      lock.unlock();
      assertThat(CompletableFuture.supplyAsync(lock::tryLock).get(5, SECONDS)).isTrue();
    }
  }

  @Test
  void toString_saysWhoHasItAndWhatIsFree() throws Exception {
    try (var lock = ProcessReentrantLock.open();
        var semaphore = ProcessSemaphore.open(3)) {
      assertThat(lock).hasToString("ProcessReentrantLock[unlocked]");
      lock.lock();
      lock.lock();
      assertThat(lock)
          .hasToString(
              "ProcessReentrantLock[locked by this process, thread "
                  + Thread.currentThread().threadId()
                  + ", holds 2]");
      String there = ChildProcess.call(() -> lock.toString()).result().get(20, SECONDS);
      assertThat(there)
          .isEqualTo(
              "ProcessReentrantLock[locked by process " + ProcessHandle.current().pid() + "]");
      semaphore.acquire();
      assertThat(semaphore).hasToString("ProcessSemaphore[permits=2]");
    }
  }

  // conditions

  @Test
  void condition_signalInAnotherProcess_wakesOne() throws Exception {
    try (var lock = ProcessReentrantLock.open();
        var condition = lock.newCondition();
        var pool = Pool.processes(2)) {
      List<CompletableFuture<Boolean>> waits =
          IntStream.range(0, 2)
              .mapToObj(
                  n ->
                      pool.submit(
                          () -> {
                            lock.lock();
                            lock.lock();
                            try {
                              return condition.await(30, SECONDS) && lock.getHoldCount() == 2;
                            } finally {
                              lock.unlock();
                              lock.unlock();
                            }
                          }))
              .toList();
      while (condition.waiting() < 2) {
        Thread.onSpinWait();
      }
      signal(lock, condition);
      CompletableFuture.anyOf(waits.toArray(CompletableFuture[]::new)).get(20, SECONDS);
      assertThat(condition.waiting()).isEqualTo(1);
      assertThat(waits).filteredOn(CompletableFuture::isDone).hasSize(1);
      signal(lock, condition);
      for (CompletableFuture<Boolean> wait : waits) {
        assertThat(wait.get(20, SECONDS)).isTrue();
      }
    }
  }

  private static void signal(ProcessReentrantLock lock, ProcessCondition condition) {
    lock.lock();
    try {
      condition.signal();
    } finally {
      lock.unlock();
    }
  }

  @Test
  void condition_timesOut_returnsWithTheLock() throws Exception {
    try (var lock = ProcessLock.open();
        var condition = lock.newCondition()) {
      assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
      lock.lock();
      assertThat(condition.await(30, MILLISECONDS)).isFalse();
      assertThat(condition.awaitNanos(1_000_000)).isNotPositive();
      assertThat(lock.isLocked()).isTrue();
    }
  }

  // semaphores

  @Test
  void semaphore_unbounded_countsWhatIsThere() throws Exception {
    try (var semaphore = ProcessSemaphore.open(1)) {
      semaphore.acquire();
      assertThat(semaphore.tryAcquire(20, MILLISECONDS)).isFalse();
      try (var child = ChildProcess.start(() -> semaphore.release(3))) {
        assertThat(semaphore.tryAcquire(3, 10, SECONDS)).isTrue();
        child.join();
      }
      assertThat(semaphore.availablePermits()).isZero();
      assertThatThrownBy(() -> ProcessSemaphore.open(-1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void semaphore_bounded_permitsOfTheDeadComeBack() throws Exception {
    try (var semaphore = ProcessSemaphore.openBounded(2);
        var taken = ProcessEvent.open()) {
      assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> semaphore.acquire(3)).isInstanceOf(IllegalArgumentException.class);
      var owner =
          ChildProcess.start(
              () -> {
                semaphore.acquire(2);
                taken.set();
                sleepForEver();
              });
      taken.await();
      assertThat(semaphore.tryAcquire()).isFalse();
      owner.kill();
      owner.join();

      assertThat(time(() -> semaphore.acquire(2))).isLessThan(Duration.ofSeconds(1));
      semaphore.release(2);
      assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
  }

  // events

  @Test
  void event_setAndClearedAtOnce_stillWakesWhoWaited() throws Exception {
    try (var event = ProcessEvent.open();
        var waiting = ProcessSemaphore.open(0);
        var pool = Pool.processes(2)) {
      List<CompletableFuture<Boolean>> waits =
          IntStream.range(0, 2)
              .mapToObj(
                  n ->
                      pool.submit(
                          () -> {
                            waiting.release();
                            return event.await(Duration.ofSeconds(20));
                          }))
              .toList();
      waiting.acquire(2);
      long deadline = System.nanoTime() + SECONDS.toNanos(10);
      while (!waits.stream().allMatch(CompletableFuture::isDone) && System.nanoTime() < deadline) {
        event.set();
        event.clear(); // at once: only who waits by now can have seen it
        Thread.sleep(20);
      }
      for (CompletableFuture<Boolean> wait : waits) {
        assertThat(wait.get(1, SECONDS)).isTrue();
      }
      assertThat(event.await(Duration.ofMillis(20))).isFalse();
    }
  }

  // barriers

  @Test
  void barrier_allArrive_eachHasItsNumberAndTheActionRanOnce(@TempDir Path folder)
      throws Exception {
    String file = Files.createFile(folder.resolve("actions")).toString();
    try (var barrier =
            ProcessBarrier.open(
                3, () -> Files.writeString(Path.of(file), "x", StandardOpenOption.APPEND));
        var pool = Pool.processes(3)) {
      List<CompletableFuture<List<Integer>>> parties =
          IntStream.range(0, 3)
              .mapToObj(n -> pool.submit(() -> List.of(barrier.await(), barrier.await())))
              .toList();
      for (int round = 0; round < 2; round++) {
        int number = round;
        assertThat(parties.stream().map(party -> party.join().get(number)))
            .containsExactlyInAnyOrder(0, 1, 2);
      }
      assertThat(Files.readString(Path.of(file))).isEqualTo("xx");
    }
  }

  @Test
  void barrier_partyIsKilled_breaksForTheOthers() throws Exception {
    try (var barrier = ProcessBarrier.open(3)) {
      var party = ChildProcess.start(() -> barrier.await());
      while (barrier.getNumberWaiting() < 1) {
        Thread.onSpinWait();
      }
      party.kill();

      assertThat(time(() -> assertBreaks(barrier))).isLessThan(Duration.ofSeconds(1));
      assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
      barrier.reset();
      assertThat(barrier.isBroken()).isFalse();
      assertThatThrownBy(() -> barrier.await(Duration.ofMillis(20)))
          .isInstanceOf(TimeoutException.class);
      assertThat(barrier.isBroken()).isTrue();
    }
  }

  private static void assertBreaks(ProcessBarrier barrier) {
    assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
  }

  // handles

  @Test
  void handle_closed_isRefusedEverywhere() throws Exception {
    var lock = ProcessLock.open();
    var semaphore = ProcessSemaphore.open(1);
    lock.close();
    lock.close();
    semaphore.close();

    assertThatThrownBy(lock::lock)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(semaphore::acquire).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ChildProcess.start(() -> lock.lock()))
        .hasStackTraceContaining("closed");
  }

  /** Not Serializable: it has a compact form. */
  record Plain(int number) {}

  @Test
  void handle_capturedWithAPlainRecord_travels() throws Exception {
    Plain plain = new Plain(3);
    try (var semaphore = ProcessSemaphore.open(0);
        var lock = ProcessLock.open();
        var condition = lock.newCondition();
        var array = SharedArray.ofInts(3)) {
      List<Object> both = List.of(lock, condition);
      var child =
          ChildProcess.call(
              () -> {
                semaphore.release(array.get(0) * plain.number() / 3);
                return ((ProcessCondition) both.get(1)).lock() == both.get(0);
              });
      assertThat(child.result().join()).isTrue();
      child.join();
      assertThat(semaphore.availablePermits()).isEqualTo(3);
    }
  }

  @Test
  void handle_returnedFromATask_works() throws Exception {
    try (var pool = Pool.processes(1)) {
      ProcessSemaphore semaphore =
          pool.submit(() -> ProcessSemaphore.open(5)).get(10, TimeUnit.SECONDS);
      pool.submit(() -> semaphore.release()).get(10, SECONDS);

      assertThat(semaphore.availablePermits()).isEqualTo(6);
    }
  }

  @Test
  void await_forAPredicate_saysWhatItSaidLast() throws Exception {
    try (var lock = ProcessLock.open();
        var condition = lock.newCondition();
        var number = SharedLong.open(0)) {
      lock.lock();
      assertThat(condition.await(() -> number.get() == 0, Duration.ZERO)).isTrue();
      assertThat(condition.await(() -> number.get() == 1, Duration.ofMillis(20))).isFalse();
      var child =
          ChildProcess.start(
              () -> {
                for (int i = 0; i < 3; i++) {
                  lock.lock();
                  number.incrementAndGet();
                  condition.signalAll();
                  lock.unlock();
                }
              });
      assertThat(condition.await(() -> number.get() == 3, Duration.ofSeconds(20))).isTrue();
      lock.unlock();
      child.join();
      assertThat(child.failure()).isEmpty();
    }
  }
}
