package dev.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.function.SerializableCallable;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedWords;
import dev.procession.testing.Sides;
import dev.procession.testing.Sides.Pair;
import dev.procession.testing.Sides.Side;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What everything promises, between every sort of two, with a futex and without. */
@Timeout(60)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class ContractTest {
  private static final int ROUNDS = 200;

  static Stream<Arguments> all() {
    return Sides.all();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void everything_betweenTwo_doesWhatItPromises(Pair pair, String os) throws Exception {
    Sides.runOn(os, () -> check(pair));
  }

  private static void check(Pair pair) throws Exception {
    try (var sides = Sides.open(pair)) {
      Side one = sides.one();
      Side other = sides.other();
      locksExclude(one, other);
      conditionsHandOver(one, other);
      semaphoreCounts(one, other);
      eventReachesBoth(one, other);
      barrierLetsBothGo(one, other);
    }
  }

  // contracts

  private static void locksExclude(Side one, Side other) throws Exception {
    Path file = Files.createTempFile("contract", "");
    Files.write(file, new byte[64]);
    String name = file.toString();
    try (var lock = ProcessLock.open();
        var reentrant = ProcessReentrantLock.open()) {
      SerializableCallable<Boolean> count =
          () -> {
            try (Arena arena = Arena.ofShared()) {
              var words = new SharedWords(Segment.map(Path.of(name), arena));
              for (int i = 0; i < ROUNDS; i++) {
                lock.lock();
                words.setInt(0, words.getInt(0) + 1);
                lock.unlock();
                while (!reentrant.tryLock(1, SECONDS)) {
                  Thread.onSpinWait();
                }
                reentrant.lock();
                words.setInt(4, words.getInt(4) + 1);
                reentrant.unlock();
                reentrant.unlock();
              }
              return true;
            }
          };
      both(one.start(count), other.start(count));
      try (Arena arena = Arena.ofShared()) {
        var words = new SharedWords(Segment.map(file, arena));
        assertThat(List.of(words.getInt(0), words.getInt(4)))
            .containsExactly(2 * ROUNDS, 2 * ROUNDS);
      }
      assertThat(lock.isLocked() || reentrant.isLocked()).isFalse();
    } finally {
      Files.delete(file);
    }
  }

  private static void both(Future<Boolean> one, Future<Boolean> other) throws Exception {
    assertThat(one.get(30, SECONDS)).isTrue();
    assertThat(other.get(30, SECONDS)).isTrue();
  }

  /** Each waits for its turn, which the other gives it; nobody's turn is lost. */
  private static void conditionsHandOver(Side one, Side other) throws Exception {
    try (var lock = ProcessReentrantLock.open();
        var ones = lock.newCondition();
        var others = lock.newCondition();
        var turn = ProcessSemaphore.open(0)) {
      Future<Boolean> even = one.start(() -> turns(lock, turn, ones, others, 0));
      both(even, other.start(() -> turns(lock, turn, others, ones, 1)));
    }
  }

  private static boolean turns(
      ProcessReentrantLock lock,
      ProcessSemaphore turn,
      ProcessCondition mine,
      ProcessCondition others,
      int parity)
      throws InterruptedException {
    for (int i = 0; i < ROUNDS / 4; i++) {
      lock.lock();
      try {
        while (turn.availablePermits() % 2 != parity) {
          mine.await();
        }
        turn.release();
        others.signal();
      } finally {
        lock.unlock();
      }
    }
    return true;
  }

  private static void semaphoreCounts(Side one, Side other) throws Exception {
    try (var there = ProcessSemaphore.open(0);
        var bounded = ProcessSemaphore.openBounded(2)) {
      Future<Boolean> takes =
          one.start(
              () -> {
                for (int i = 0; i < ROUNDS; i++) {
                  there.acquire(2);
                  bounded.acquire();
                  bounded.release();
                }
                return true;
              });
      Future<Boolean> gives =
          other.start(
              () -> {
                for (int i = 0; i < 2 * ROUNDS; i++) {
                  there.release();
                  bounded.acquire();
                  bounded.release();
                }
                return true;
              });
      both(takes, gives);
      assertThat(there.availablePermits()).isZero();
      assertThat(bounded.availablePermits()).isEqualTo(2);
      assertThat(there.tryAcquire(10, MILLISECONDS)).isFalse();
    }
  }

  private static void eventReachesBoth(Side one, Side other) throws Exception {
    try (var ping = ProcessEvent.open();
        var pong = ProcessEvent.open()) {
      Future<Boolean> asks = one.start(() -> bounce(ping, pong, true));
      both(asks, other.start(() -> bounce(pong, ping, false)));
    }
  }

  private static boolean bounce(ProcessEvent mine, ProcessEvent others, boolean begins)
      throws InterruptedException {
    for (int i = 0; i < ROUNDS / 4; i++) {
      if (begins) {
        others.set();
      }
      mine.await();
      mine.clear();
      if (!begins) {
        others.set();
      }
    }
    return true;
  }

  private static void barrierLetsBothGo(Side one, Side other) throws Exception {
    try (var barrier = ProcessBarrier.open(2);
        var actions = ProcessSemaphore.open(0);
        var counting = ProcessBarrier.open(2, () -> actions.release())) {
      Future<Integer> first = one.start(() -> sum(barrier, counting));
      Future<Integer> second = other.start(() -> sum(barrier, counting));
      assertThat(first.get(30, SECONDS) + second.get(30, SECONDS)).isEqualTo(2 * (ROUNDS / 4));
      assertThat(actions.availablePermits()).isEqualTo(ROUNDS / 4);
    }
  }

  private static int sum(ProcessBarrier barrier, ProcessBarrier counting)
      throws InterruptedException, BrokenBarrierException {
    int sum = 0;
    for (int i = 0; i < ROUNDS / 4; i++) {
      sum += barrier.await() + counting.await();
    }
    return sum;
  }
}
