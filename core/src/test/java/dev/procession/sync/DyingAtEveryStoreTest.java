package dev.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.internal.shared.Ghost;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Processes that die right before each of their stores in shared memory, one after the other: those
 * who live go on, or get their exception, within a second.
 */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class DyingAtEveryStoreTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** A scenario for a process that dies before a store; whether it died. */
  private interface Scenario {
    boolean run(Ghost ghost) throws Exception;
  }

  /** Plays it for each store; there have to be so many at least. */
  private static void atEveryStore(int least, Scenario scenario) throws Exception {
    int store = 0;
    boolean died = true;
    while (died) {
      try (var ghost = Ghost.dyingBefore(store)) {
        died = scenario.run(ghost);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("died before store " + store, e);
      }
      store++;
    }
    assertThat(store).isGreaterThan(least);
  }

  private <T> Future<T> inAThread(Callable<T> code) {
    return threads.submit(code);
  }

  /** What somebody gets who goes on within a second. */
  private static <T> T soon(Future<T> waiting) throws Exception {
    try {
      return waiting.get(1500, MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("still waits", e);
    }
  }

  private static void assertUsable(Lock lock) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      assertThat(lock.tryLock(1, SECONDS)).isTrue();
      lock.unlock();
    }
  }

  private static ProcessCondition view(Ghost ghost, ProcessCondition condition, ProcessLock lock) {
    return new ProcessCondition(ghost.view(condition.handle()), lock);
  }

  private static ProcessLock view(Ghost ghost, ProcessLock lock) {
    return new ProcessLock(ghost.view(lock.state().handle()));
  }

  private static ProcessReentrantLock view(Ghost ghost, ProcessReentrantLock lock) {
    return new ProcessReentrantLock(ghost.view(lock.state().handle()));
  }

  private static ProcessSemaphore view(Ghost ghost, ProcessSemaphore semaphore) {
    return new ProcessSemaphore(ghost.view(semaphore.handle()));
  }

  private static ProcessBarrier view(Ghost ghost, ProcessBarrier barrier) {
    return new ProcessBarrier(ghost.view(barrier.handle()), null);
  }

  // locks

  @Test
  void lock_ownerDies_isTakenOver() throws Exception {
    atEveryStore(
        2,
        ghost -> {
          try (var lock = ProcessLock.open()) {
            var dying = view(ghost, lock);
            boolean died = ghost.dies(() -> lockAndUnlock(dying));
            assertThat(lock.tryLock(1, SECONDS)).isTrue();
            assertThat(lock.isAbandoned()).isEqualTo(died && ghost.stores() > 0);
            lock.unlock();
            assertUsable(lock);
            return died;
          }
        });
  }

  private static void lockAndUnlock(Lock lock) {
    lock.lock();
    lock.unlock();
  }

  @Test
  void reentrantLock_ownerDies_isTakenOver() throws Exception {
    atEveryStore(
        5,
        ghost -> {
          try (var lock = ProcessReentrantLock.open()) {
            var dying = view(ghost, lock);
            boolean died =
                ghost.dies(
                    () -> {
                      dying.lock();
                      lockAndUnlock(dying);
                      dying.unlock();
                    });
            assertThat(soon(inAThread(() -> lock.tryLock() && lock.getHoldCount() == 1))).isTrue();
            return died;
          }
        });
  }

  @Test
  void lock_whoTakesItOverDies_theNextIsToldToo() throws Exception {
    atEveryStore(
        3,
        ghost -> {
          try (var lock = ProcessLock.open();
              var first = Ghost.dyingBefore(1)) {
            var held = view(first, lock);
            assertThat(first.dies(() -> lockAndUnlock(held))).isTrue();
            var dying = view(ghost, lock);
            boolean died = ghost.dies(() -> lockAndUnlock(dying));
            assertThat(lock.tryLock(1, SECONDS)).isTrue();
            assertThat(lock.isAbandoned()).isEqualTo(died);
            lock.unlock();
            assertUsable(lock);
            return died;
          }
        });
  }

  @Test
  void reentrantLock_takenOverMeanwhile_isNotMistakenForTheDeadOwnersThread() throws Exception {
    for (int store = 1; store < 4; store++) {
      try (var lock = ProcessReentrantLock.open();
          var owner = Ghost.dyingBefore(3)) {
        var held = view(owner, lock);
        owner.dies(held::lock); // its thread has this one's number
        CompletableFuture<Boolean> here = new CompletableFuture<>();
        CompletableFuture<Void> looked = new CompletableFuture<>();
        var taker = Ghost.pausingBefore(store, () -> pause(here, looked));
        var taking = view(taker, lock);
        Future<Boolean> taken = inAThread(() -> taking.tryLock() && taking.getHoldCount() == 1);
        CompletableFuture.anyOf(here, CompletableFuture.supplyAsync(() -> done(taken))).join();

        assertThat(lock.tryLock()).as("a second owner, store %d", store).isFalse();
        looked.complete(null);
        assertThat(soon(taken)).isTrue();
      }
    }
  }

  private static void pause(CompletableFuture<Boolean> here, CompletableFuture<Void> until) {
    here.complete(true);
    until.join();
  }

  private static boolean done(Future<Boolean> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      return false;
    }
  }

  // conditions

  @Test
  void condition_waiterDies_aSignalReachesAnother() throws Exception {
    atEveryStore(
        8,
        ghost -> {
          try (var lock = ProcessLock.open();
              var condition = lock.newCondition()) {
            var dying = view(ghost, lock);
            var dyingCondition = view(ghost, condition, dying);
            boolean died = ghost.dies(() -> awaitBriefly(dying, dyingCondition));
            Future<Boolean> waits = waitFor(lock, condition);
            signal(lock, condition);
            assertThat(soon(waits)).isTrue();
            assertUsable(lock);
            return died;
          }
        });
  }

  private static void awaitBriefly(Lock lock, Condition condition) throws InterruptedException {
    lock.lock();
    boolean _ = condition.await(1, MILLISECONDS);
    lock.unlock();
  }

  /** A thread that waits, when this returns. */
  private Future<Boolean> waitFor(ProcessLock lock, ProcessCondition condition) {
    int before = condition.waiting();
    Future<Boolean> waits =
        inAThread(
            () -> {
              lock.lock();
              try {
                return condition.await(20, SECONDS);
              } finally {
                lock.unlock();
              }
            });
    while (condition.waiting() == before) {
      Thread.onSpinWait();
    }
    return waits;
  }

  private static void signal(Lock lock, Condition condition) {
    lock.lock();
    condition.signal();
    lock.unlock();
  }

  @Test
  void condition_signallerDies_theSignalIsGivenOrNot() throws Exception {
    atEveryStore(
        3,
        ghost -> {
          try (var lock = ProcessLock.open();
              var condition = lock.newCondition()) {
            Future<Boolean> waits = waitFor(lock, condition);
            var dying = view(ghost, lock);
            var dyingCondition = view(ghost, condition, dying);
            boolean died = ghost.dies(() -> signal(dying, dyingCondition));
            if (died && ghost.stores() < 2) {
              signal(lock, condition);
            }
            assertThat(soon(waits)).isTrue();
            assertUsable(lock);
            return died;
          }
        });
  }

  @Test
  void condition_whoPassesASignalOnDies_itReachesTheOther() throws Exception {
    int[] most = {0};
    for (int store = 6; store < 20; store++) {
      try (var lock = ProcessLock.open();
          var condition = lock.newCondition();
          var signalled = Ghost.dyingBefore(6); // when it has been woken
          var passing = Ghost.dyingBefore(store)) {
        var dead = view(signalled, lock);
        var deadCondition = view(signalled, condition, dead);
        assertThat(signalled.dies(() -> awaitBriefly(dead, deadCondition))).isTrue();
        assertThat(condition.waiting()).isOne();
        var dying = view(passing, lock);
        var dyingCondition = view(passing, condition, dying);
        boolean[] returned = {false}; // then it has had the signal
        Future<Boolean> passes =
            inAThread(
                () ->
                    passing.dies(
                        () -> {
                          dying.lock();
                          returned[0] = dyingCondition.await(20, SECONDS);
                          dying.unlock();
                        }));
        while (condition.waiting() == 1) {
          Thread.onSpinWait();
        }
        Future<Boolean> waits = waitFor(lock, condition);
        signal(lock, condition);
        while (!passes.isDone() && !waits.isDone()) {
          Thread.onSpinWait();
        }
        if (passes.isDone() && passes.get() && !returned[0]) {
          assertThat(soon(waits)).as("woken, store %d", store).isTrue();
        }
        most[0] = Math.max(most[0], passing.stores());
        signalAll(lock, condition);
        soon(waits);
        passing.close();
        assertUsable(lock);
        soon(passes);
      }
    }
    assertThat(most[0]).isGreaterThan(8);
  }

  private static void signalAll(Lock lock, Condition condition) {
    lock.lock();
    condition.signalAll();
    lock.unlock();
  }

  @Test
  void condition_signalPassedOnUnderADeadOwnersLock_theOwnersDeathIsToldToTheNext()
      throws Exception {
    try (var lock = ProcessLock.open();
        var condition = lock.newCondition();
        var signalled = Ghost.dyingBefore(6);
        var signaller = Ghost.dyingBefore(2)) { // with the lock, after its signal
      var dead = view(signalled, lock);
      var deadCondition = view(signalled, condition, dead);
      signalled.dies(() -> awaitBriefly(dead, deadCondition));
      Future<Boolean> abandoned =
          inAThread(
              () -> {
                lock.lock();
                try {
                  return condition.await(20, SECONDS) && lock.isAbandoned();
                } finally {
                  lock.unlock();
                }
              });
      while (condition.waiting() < 2) {
        Thread.onSpinWait();
      }
      var dying = view(signaller, lock);
      var dyingCondition = view(signaller, condition, dying);
      assertThat(signaller.dies(() -> signal(dying, dyingCondition))).isTrue();

      assertThat(soon(abandoned)).isTrue();
    }
  }

  // semaphores

  @Test
  void boundedSemaphore_ownerDies_allPermitsComeBack() throws Exception {
    atEveryStore(
        12,
        ghost -> {
          try (var semaphore = ProcessSemaphore.openBounded(3)) {
            semaphore.acquire();
            var dying = view(ghost, semaphore);
            boolean died =
                ghost.dies(
                    () -> {
                      dying.acquire(2);
                      dying.release();
                      dying.release();
                    });
            semaphore.release();
            assertThat(semaphore.tryAcquire(3, 1, SECONDS)).isTrue();
            semaphore.release(3);
            assertThat(semaphore.availablePermits()).isEqualTo(3);
            return died;
          }
        });
  }

  @Test
  void semaphore_waiterDies_othersGetWhatIsReleased() throws Exception {
    atEveryStore(
        2,
        ghost -> {
          try (var semaphore = ProcessSemaphore.open(0)) {
            var dying = view(ghost, semaphore);
            boolean died =
                ghost.dies(
                    () -> {
                      boolean _ = dying.tryAcquire(1, MILLISECONDS);
                    });
            Future<Boolean> waits = inAThread(() -> semaphore.tryAcquire(2, 20, SECONDS));
            semaphore.release();
            semaphore.release();
            assertThat(soon(waits)).isTrue();
            return died;
          }
        });
  }

  // barriers

  @Test
  void barrier_lastPartyDies_theOtherGoesOnOrIsTold() throws Exception {
    barrier(2, 7, barrier -> barrier.await());
  }

  @Test
  void barrier_partyDies_theOtherIsTold() throws Exception {
    barrier(3, 3, barrier -> barrier.await(Duration.ofMillis(1)));
  }

  @Test
  void barrier_whoResetsItDies_theOtherIsTold() throws Exception {
    barrier(3, 6, barrier -> barrier.reset());
  }

  @Test
  void barrier_whoAbortsItDies_theOtherIsTold() throws Exception {
    barrier(3, 6, barrier -> barrier.abort());
  }

  private interface BarrierUse {
    void use(ProcessBarrier barrier) throws Exception;
  }

  /** One waits, another dies while it uses the barrier. */
  private void barrier(int parties, int least, BarrierUse use) throws Exception {
    atEveryStore(
        least,
        ghost -> {
          try (var barrier = ProcessBarrier.open(parties)) {
            Future<Boolean> waits =
                inAThread(
                    () -> {
                      try {
                        return barrier.await() >= 0;
                      } catch (BrokenBarrierException e) {
                        return false;
                      }
                    });
            while (barrier.getNumberWaiting() == 0) {
              Thread.onSpinWait();
            }
            var dying = view(ghost, barrier);
            boolean died =
                ghost.dies(
                    () -> {
                      try {
                        use.use(dying);
                      } catch (TimeoutException e) {
                        return; // it has broken it
                      }
                    });
            if (ghost.stores() == 0) {
              barrier.abort(); // it did not even come
            }
            boolean _ = soon(waits);
            barrier.reset();
            assertThatThrownBy(() -> barrier.await(Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class);
            return died;
          }
        });
  }
}
