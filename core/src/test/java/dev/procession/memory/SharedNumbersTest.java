package dev.procession.memory;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.sync.ProcessBarrier;
import dev.procession.sync.ProcessLock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Single values that processes share. */
@Timeout(60)
class SharedNumbersTest {
  @Test
  void long_manyProcessesAndThreadsCount_noneIsLost() throws Exception {
    try (var number = SharedLong.open(5);
        var together = ProcessBarrier.open(3);
        var pool = Pool.processes(2)) {
      var counts =
          List.of(
              pool.submit(() -> count(number, together)),
              pool.submit(() -> count(number, together)));
      long added = count(number, together);
      for (var count : counts) {
        added += count.get(30, SECONDS);
      }
      assertThat(number.get()).isEqualTo(5 + added);
    }
  }

  /** Counts for a time that is long enough to meet the others; how far. */
  private static long count(SharedLong number, ProcessBarrier together) throws Exception {
    together.await();
    long end = System.nanoTime() + MILLISECONDS.toNanos(500);
    long added = 0;
    while (System.nanoTime() < end) {
      for (int i = 0; i < 100; i++) {
        number.incrementAndGet();
        number.updateAndGet(n -> n + 1);
        while (true) {
          long seen = number.get();
          if (number.compareAndSet(seen, seen + 1)) {
            break;
          }
        }
        added += 3;
      }
    }
    return added;
  }

  @Test
  void long_everyMethod_doesWhatAtomicLongDoes() {
    try (var number = SharedLong.open(10)) {
      assertThat(number.getAndSet(Long.MAX_VALUE)).isEqualTo(10);
      assertThat(number.incrementAndGet()).isEqualTo(Long.MIN_VALUE);
      assertThat(number.decrementAndGet()).isEqualTo(Long.MAX_VALUE);
      number.set(1);
      assertThat(number.getAndIncrement()).isEqualTo(1);
      assertThat(number.getAndDecrement()).isEqualTo(2);
      assertThat(number.getAndAdd(4)).isEqualTo(1);
      assertThat(number.addAndGet(4)).isEqualTo(9);
      assertThat(number.compareAndSet(8, 1)).isFalse();
      assertThat(number.compareAndExchange(8, 1)).isEqualTo(9);
      assertThat(number.compareAndExchange(9, 1)).isEqualTo(9);
      assertThat(number.getAndUpdate(n -> n * 7)).isEqualTo(1);
      assertThat(number.accumulateAndGet(3, Math::multiplyExact)).isEqualTo(21);
      assertThat(number.getAndAccumulate(4, Math::subtractExact)).isEqualTo(21);
      assertThat(number).hasToString("SharedLong[17]");
    }
  }

  @Test
  void int_everyMethod_doesWhatAtomicIntegerDoes() {
    try (var number = SharedInt.open(10)) {
      assertThat(number.getAndSet(Integer.MAX_VALUE)).isEqualTo(10);
      assertThat(number.incrementAndGet()).isEqualTo(Integer.MIN_VALUE);
      assertThat(number.decrementAndGet()).isEqualTo(Integer.MAX_VALUE);
      number.set(1);
      assertThat(number.getAndIncrement()).isEqualTo(1);
      assertThat(number.getAndDecrement()).isEqualTo(2);
      assertThat(number.getAndAdd(4)).isEqualTo(1);
      assertThat(number.addAndGet(4)).isEqualTo(9);
      assertThat(number.compareAndSet(8, 1)).isFalse();
      assertThat(number.compareAndSet(9, 1)).isTrue();
      assertThat(number.compareAndExchange(8, 2)).isEqualTo(1);
      assertThat(number.getAndUpdate(n -> n * 7)).isEqualTo(1);
      assertThat(number.updateAndGet(n -> n + 1)).isEqualTo(8);
      assertThat(number.accumulateAndGet(3, Math::multiplyExact)).isEqualTo(24);
      assertThat(number.getAndAccumulate(4, Math::subtractExact)).isEqualTo(24);
      assertThat(number.get()).isEqualTo(20);
    }
  }

  @Test
  void double_addedToByProcesses_isTheSumAndComparesBits() throws Exception {
    try (var number = SharedDouble.open(0.5);
        var pool = Pool.processes(2)) {
      pool.map(
          n -> {
            for (int i = 0; i < 10_000; i++) {
              number.addAndGet(0.25);
            }
            return n;
          },
          List.of(1, 2));
      assertThat(number.get()).isEqualTo(5000.5);
      number.set(-0.0);
      assertThat(number.compareAndSet(0.0, 1)).isFalse();
      assertThat(number.compareAndSet(-0.0, Double.NaN)).isTrue();
      assertThat(number.compareAndSet(Double.NaN, 2)).isTrue();
      assertThat(number.getAndAdd(1)).isEqualTo(2);
      assertThat(number.getAndSet(8)).isEqualTo(3);
      assertThat(number.accumulateAndGet(2, Math::pow)).isEqualTo(64);
    }
  }

  @Test
  void boolean_manyTryToSetIt_oneDoes() throws Exception {
    try (var flag = SharedBoolean.open(false);
        var pool = Pool.processes(2)) {
      assertThat(pool.map(n -> flag.compareAndSet(false, true), List.of(1, 2, 3, 4)))
          .containsOnlyOnce(true);
      assertThat(flag.get()).isTrue();
      assertThat(flag.getAndSet(false)).isTrue();
      assertThat(flag.compareAndExchange(true, true)).isFalse();
      assertThat(flag).hasToString("SharedBoolean[false]");
    }
  }

  @Test
  void numbers_underALockBesideThem_fitTogether() throws Exception {
    try (var lock = ProcessLock.open();
        var one = SharedInt.open(0);
        var other = SharedInt.open(0);
        var pool = Pool.processes(2)) {
      pool.map(
          n -> {
            for (int i = 0; i < 2_000; i++) {
              lock.lock();
              try {
                one.set(one.get() + 1);
                other.set(other.get() - one.get());
              } finally {
                lock.unlock();
              }
            }
            return n;
          },
          List.of(1, 2));
      assertThat(one.get()).isEqualTo(4_000);
      assertThat(other.get()).isEqualTo(-4_000 * 4_001 / 2);
    }
  }

  @Test
  void number_closed_isRefusedHereAndArrivesNowhere() {
    var number = SharedLong.open(1);
    number.close();
    number.close();

    assertThatThrownBy(number::get)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> ChildProcess.start(() -> number.incrementAndGet()))
        .hasStackTraceContaining("closed");
    assertThat(number).hasToString("SharedLong[closed]");
  }

  @Test
  void number_closedByItsCreator_goesOnWhereItIs() throws Exception {
    try (var number = SharedLong.open(1);
        var arrived = SharedBoolean.open(false);
        var closed = SharedBoolean.open(false);
        var child =
            ChildProcess.call(
                () -> {
                  arrived.set(true);
                  while (!closed.get()) {
                    Thread.onSpinWait();
                  }
                  return number.incrementAndGet();
                })) {
      while (!arrived.get()) {
        Thread.sleep(Duration.ofMillis(1));
      }
      number.close();
      closed.set(true);

      assertThat(child.result().get(10, SECONDS)).isEqualTo(2);
    }
  }
}
