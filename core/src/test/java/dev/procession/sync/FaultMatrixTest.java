package dev.procession.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.testing.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process ends in each way at each point, while others already wait for the same: each of them
 * goes on, or gets its documented exception, within a second of the end.
 */
@Timeout(60)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class FaultMatrixTest {
  /** On a machine that has much else to do; nothing polls so seldom. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<Long>> observers = new ArrayList<>();

  /** Where it is then. */
  enum Point {
    HOLDING_LOCK,
    HOLDING_REENTRANT_LOCK,
    WAITING_FOR_LOCK,
    WAITING_FOR_REENTRANT_LOCK,
    WAITING_ON_CONDITION,
    JUST_SIGNALLED,
    HOLDING_PERMITS,
    WAITING_FOR_PERMITS,
    WAITING_FOR_EVENT,
    WAITING_AT_BARRIER,
    RUNNING_BARRIERS_ACTION
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Point.values())
        .flatMap(
            point ->
                Arrays.stream(Ending.values())
                    .filter(end -> end != Ending.STOP)
                    .map(end -> Arguments.of(point, end)));
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** Has a thread, virtual or not, wait for something; it tells when it went on. */
  private void observe(Callable<?> wait) {
    observers.add(
        threads.submit(
            () -> {
              Object _ = wait.call();
              return System.nanoTime();
            }));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void process_endsSomehowSomewhere_othersGoOn(Point point, Ending end) throws Exception {
    try (var lock = ProcessLock.open();
        var reentrant = ProcessReentrantLock.open();
        var condition = lock.newCondition();
        var permits = ProcessSemaphore.openBounded(2);
        var event = ProcessEvent.open();
        var barrier = ProcessBarrier.open(3);
        var actionBarrier = ProcessBarrier.open(2, () -> Thread.sleep(Duration.ofHours(1)));
        var about = ProcessEvent.open();
        var die = ProcessEvent.open()) {
      boolean isWaiting = point.name().startsWith("WAITING_FOR");
      if (isWaiting) {
        lock.lock();
        reentrant.lock();
        permits.acquire(2);
      }
      if (point == Point.RUNNING_BARRIERS_ACTION) {
        observe(() -> broken(actionBarrier));
        until(() -> actionBarrier.getNumberWaiting() == 1);
      }
      var victim =
          ChildProcess.start(
              end::options,
              () ->
                  end.endOnceTold(
                      die,
                      () -> {
                        switch (point) {
                          case HOLDING_LOCK -> lock.lock();
                          case HOLDING_REENTRANT_LOCK -> reentrant.lock();
                          case HOLDING_PERMITS -> permits.acquire(2);
                          default -> about.set();
                        }
                        about.set();
                        switch (point) {
                          case WAITING_FOR_LOCK -> lock.lock();
                          case WAITING_FOR_REENTRANT_LOCK -> reentrant.lockInterruptibly();
                          case WAITING_FOR_PERMITS -> permits.acquire(1);
                          case WAITING_FOR_EVENT -> event.await();
                          case WAITING_ON_CONDITION, JUST_SIGNALLED -> {
                            lock.lock();
                            condition.await();
                          }
                          case WAITING_AT_BARRIER -> barrier.await();
                          case RUNNING_BARRIERS_ACTION -> actionBarrier.await();
                          default -> Thread.sleep(Duration.ofHours(1));
                        }
                      }));
      about.await();
      switch (point) {
        case HOLDING_LOCK -> {
          assertThat(lock.tryLock()).isFalse();
          observe(() -> locked(lock, () -> lock.lock()));
          observe(() -> locked(lock, () -> lock.lockInterruptibly()));
          observe(() -> locked(lock, () -> assertThat(lock.tryLock(20, SECONDS)).isTrue()));
        }
        case HOLDING_REENTRANT_LOCK -> {
          observe(() -> locked(reentrant, () -> reentrant.lock()));
          observe(
              () -> locked(reentrant, () -> assertThat(reentrant.tryLock(20, SECONDS)).isTrue()));
        }
        case HOLDING_PERMITS -> {
          assertThat(permits.tryAcquire()).isFalse();
          observe(() -> permitted(permits, () -> permits.acquire(2)));
          observe(
              () ->
                  permitted(
                      permits, () -> assertThat(permits.tryAcquire(2, 20, SECONDS)).isTrue()));
        }
        case WAITING_ON_CONDITION, JUST_SIGNALLED -> {
          until(() -> condition.waiting() == 1);
          observe(
              () ->
                  locked(
                      lock,
                      () -> {
                        lock.lock();
                        condition.await();
                      }));
          until(() -> condition.waiting() == 2);
        }
        case WAITING_AT_BARRIER -> {
          observe(() -> broken(barrier));
          until(() -> barrier.getNumberWaiting() == 2);
        }
        case RUNNING_BARRIERS_ACTION -> {
          until(() -> actionBarrier.getNumberWaiting() == 2);
        }
        default -> about.set();
      }
      if (point == Point.JUST_SIGNALLED) {
        lock.lock();
        condition.signal(); // to the victim, which cannot go on before it ends
      }
      long ended = end.of(victim, die);
      if (point == Point.JUST_SIGNALLED) {
        lock.unlock();
      } else if (point == Point.WAITING_ON_CONDITION) {
        lock.lock();
        condition.signal();
        lock.unlock();
      } else if (isWaiting) {
        lock.unlock();
        reentrant.unlock();
        permits.release(2);
        event.set();
        observe(() -> locked(lock, () -> lock.lock()));
        observe(() -> locked(reentrant, () -> reentrant.lock()));
        observe(() -> permitted(permits, () -> permits.acquire(2)));
        observe(() -> event.await(Duration.ofSeconds(20)));
      }
      for (Future<Long> observer : observers) {
        assertThat(Duration.ofNanos(observer.get(20, SECONDS) - ended)).isLessThan(SOON);
      }
      assertThat(lock.tryLock()).isTrue();
      assertThat(permits.availablePermits()).isEqualTo(2);
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  private static boolean locked(java.util.concurrent.locks.Lock lock, Body take) throws Exception {
    take.run();
    lock.unlock();
    return true;
  }

  private static boolean permitted(ProcessSemaphore permits, Body take) throws Exception {
    take.run();
    permits.release(2);
    return true;
  }

  private static boolean broken(ProcessBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (BrokenBarrierException e) {
      return true;
    }
    throw new AssertionError("not all had come");
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.onSpinWait();
    }
  }
}
