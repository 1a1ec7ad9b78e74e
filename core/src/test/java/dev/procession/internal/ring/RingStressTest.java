package dev.procession.internal.ring;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.os.Os;
import dev.procession.internal.os.WordWait;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.testing.Rounds;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two threads pass records through two rings as fast as they can, sleeping without a time limit
 * whenever a ring is empty or full: one lost wake-up, and they hang. Bodies are checked.
 */
class RingStressTest {
  private static final int CAPACITY = 1024;

  /** How a test's two sides sleep and wake. */
  enum Way {
    PARKING,
    FUTEX
  }

  static Stream<Way> ways() {
    return Stream.of(Way.values());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void handOffs_forASecond_noneIsLost(Way way) throws InterruptedException {
    pingPong(way, SECONDS.toNanos(1));
    stream(way, SECONDS.toNanos(1));
  }

  @Test
  void await_publishedAtTheSameTime_isWokenIfItSleeps() throws InterruptedException {
    Pair pair = new Pair(Way.PARKING);
    Sleep sleep = new Sleep();
    Rounds.run(
        Duration.ofSeconds(1),
        () -> pair.consumer.await(0, sleep),
        () -> {
          pair.producer.claim(1, 0);
          pair.producer.publish();
          pair.producer.wakeConsumer(sleep);
          sleep.over.set(true);
        },
        () -> {
          sleep.check();
          assertThat(pair.consumer.next()).isTrue();
          pair.consumer.release();
        });
  }

  @Test
  void awaitRoom_releasedAtTheSameTime_isWokenIfItSleeps() throws InterruptedException {
    Pair pair = new Pair(Way.PARKING);
    Sleep sleep = new Sleep();
    int half = pair.producer.maxBody();
    pair.producer.claim(1, half);
    pair.producer.publish();
    pair.producer.claim(1, half);
    pair.producer.publish();
    Rounds.run(
        Duration.ofSeconds(1),
        () -> pair.producer.awaitRoom(0, sleep),
        () -> {
          pair.consumer.next();
          pair.consumer.release();
          pair.consumer.wakeProducer(sleep);
          sleep.over.set(true);
        },
        () -> {
          sleep.check();
          assertThat(pair.producer.claim(1, half)).isPositive();
          pair.producer.publish();
        });
  }

  /**
   * A sleep that ends when the other side has done all it does, whether that was to wake or not.
   */
  private static final class Sleep implements Sleeper, Waker {
    private final AtomicBoolean over = new AtomicBoolean();
    private boolean slept;
    private boolean woken;

    @Override
    public void sleep() {
      slept = true;
      while (!over.get()) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void wake() {
      woken = true;
    }

    void check() {
      assertThat(slept && !woken).as("sleeps, and nobody wakes it").isFalse();
      slept = false;
      woken = false;
      over.set(false);
    }
  }

  @Tag("stress")
  @ParameterizedTest
  @MethodSource("ways")
  void handOffs_forMinutes_noneIsLost(Way way) throws InterruptedException {
    pingPong(way, SECONDS.toNanos(120));
    stream(way, SECONDS.toNanos(120));
  }

  /** One record there, one back: both sides sleep nearly every time. */
  private static void pingPong(Way way, long nanos) throws InterruptedException {
    Pair there = new Pair(way);
    Pair back = new Pair(way);
    AtomicBoolean stop = new AtomicBoolean();
    Thread echo =
        start(
            () -> {
              there.consumerThread = Thread.currentThread();
              long value;
              do {
                value = there.receive();
                back.send(value);
              } while (value >= 0);
            });
    back.consumerThread = Thread.currentThread();
    long end = System.nanoTime() + nanos;
    long count = 0;
    while (System.nanoTime() < end) {
      there.send(count);
      assertThat(back.receive()).isEqualTo(count);
      count++;
    }
    there.send(-1);
    assertThat(back.receive()).isEqualTo(-1);
    join(echo, stop);
    assertThat(count).isPositive();
  }

  /** As many as the ring holds: the producer sleeps for room, the consumer for records. */
  private static void stream(Way way, long nanos) throws InterruptedException {
    Pair pair = new Pair(way);
    AtomicBoolean stop = new AtomicBoolean();
    Thread producer =
        start(
            () -> {
              pair.producerThread = Thread.currentThread();
              for (long i = 0; !stop.get(); i++) {
                pair.send(i);
              }
              pair.send(-1);
            });
    pair.consumerThread = Thread.currentThread();
    long end = System.nanoTime() + nanos;
    long expected = 0;
    long value = pair.receive();
    while (value >= 0) {
      assertThat(value).isEqualTo(expected++);
      if (System.nanoTime() > end) {
        stop.set(true);
      }
      value = pair.receive();
    }
    join(producer, stop);
    assertThat(expected).isPositive();
  }

  private static Thread start(Runnable loop) {
    return Thread.ofPlatform().daemon().start(loop);
  }

  private static void join(Thread thread, AtomicBoolean stop) throws InterruptedException {
    stop.set(true);
    thread.join(SECONDS.toMillis(30));
    assertThat(thread.isAlive()).isFalse();
  }

  /** A ring with a view for each side, and ways to sleep. */
  private static final class Pair {
    private final SharedBytes bytes = SharedBytes.local(OneToOneRing.size(CAPACITY));
    private final OneToOneRing producer = new OneToOneRing(bytes, 0, CAPACITY);
    private final OneToOneRing consumer = new OneToOneRing(bytes, 0, CAPACITY);
    private final Sleeper consumerSleeper;
    private final Waker consumerWaker;
    private volatile Thread consumerThread;
    private volatile Thread producerThread;

    Pair(Way way) {
      WordWait wait = Os.current().wordWait();
      boolean futex = way == Way.FUTEX;
      Supplier<Thread> sleeping = () -> consumerThread;
      consumerSleeper =
          futex ? consumer.consumerSleeper(wait, SECONDS.toNanos(1_000)) : LockSupport::park;
      consumerWaker =
          futex ? producer.consumerWaker(wait) : () -> LockSupport.unpark(sleeping.get());
    }

    void send(long value) {
      int offset = producer.claim(1, Long.BYTES);
      while (offset < 0) {
        producer.awaitRoom(Long.BYTES, LockSupport::park);
        offset = producer.claim(1, Long.BYTES);
      }
      bytes.putLong(offset, value);
      producer.publish();
      producer.wakeConsumer(consumerWaker);
    }

    long receive() {
      while (!consumer.await(0, consumerSleeper)) {
        // spurious wake-ups are allowed
        Thread.onSpinWait();
      }
      long value = bytes.getLong(consumer.body());
      consumer.release();
      consumer.wakeProducer(() -> LockSupport.unpark(producerThread));
      return value;
    }
  }
}
