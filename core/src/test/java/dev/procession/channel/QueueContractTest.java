package dev.procession.channel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.function.SerializableCallable;
import dev.procession.testing.Sides;
import dev.procession.testing.Sides.Pair;
import dev.procession.testing.Sides.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What queues promise, between every sort of two, with a futex and without. */
@Timeout(60)
class QueueContractTest {
  private static final int COUNT = 3000;

  static Stream<Arguments> all() {
    return Sides.all();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void queue_betweenTwo_doesWhatItPromises(Pair pair, String os) throws InterruptedException {
    Sides.runOn(os, () -> check(pair));
  }

  private static void check(Pair pair) throws Exception {
    try (var sides = Sides.open(pair)) {
      Side one = sides.one();
      Side other = sides.other();
      objectsArriveInOrder(one, other);
      boundHolds(one, other);
      batchesArriveAndEnd(one, other);
      allIsDone(one, other);
      whatIsGivenBackIsDeliveredAgain(one, other);
    }
  }

  private static void objectsArriveInOrder(Side one, Side other) throws Exception {
    try (var queue = ProcessQueue.<Integer>open()) {
      Future<Boolean> put =
          one.start(
              () -> {
                for (int i = 0; i < COUNT; i++) {
                  queue.put(i);
                }
                return true;
              });
      Future<List<Integer>> taken =
          other.start(
              () -> {
                List<Integer> all = new ArrayList<>();
                while (all.size() < COUNT) {
                  all.add(queue.take());
                }
                return all;
              });
      assertThat(put.get(30, SECONDS)).isTrue();
      assertThat(taken.get(30, SECONDS)).isEqualTo(IntStream.range(0, COUNT).boxed().toList());
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  private static void boundHolds(Side one, Side other) throws Exception {
    try (var queue = ProcessQueue.<Integer>open(3);
        var tried = ProcessQueue.<Boolean>open()) {
      Future<Boolean> put =
          one.start(
              () -> {
                boolean all = queue.offer(1) && queue.offer(2) && queue.offer(3);
                boolean more = queue.offer(0) || queue.offer(0, 20, MILLISECONDS);
                tried.put(true);
                queue.put(4);
                return all && !more;
              });
      Future<Integer> taken =
          other.start(
              () -> {
                boolean full = tried.take();
                int sum = full ? 0 : 1;
                for (int i = 0; i < 4; i++) {
                  sum += queue.take();
                }
                return sum;
              });
      assertThat(put.get(30, SECONDS)).isTrue();
      assertThat(taken.get(30, SECONDS)).isEqualTo(10);
    }
  }

  private static void batchesArriveAndEnd(Side one, Side other) throws Exception {
    try (var queue = ProcessQueue.<Integer>open()) {
      Future<Boolean> put =
          one.start(
              () -> {
                queue.putAll(IntStream.range(0, COUNT).boxed().toList());
                queue.close();
                return queue.isClosed();
              });
      Future<List<Integer>> taken =
          other.start(
              () -> {
                List<Integer> all = new ArrayList<>();
                try {
                  while (true) {
                    all.add(queue.take());
                    queue.drainTo(all, 100);
                  }
                } catch (QueueClosedException e) {
                  return all;
                }
              });
      assertThat(put.get(30, SECONDS)).isTrue();
      assertThat(taken.get(30, SECONDS)).isEqualTo(IntStream.range(0, COUNT).boxed().toList());
    }
  }

  private static void allIsDone(Side one, Side other) throws Exception {
    try (var queue = ProcessQueue.<Integer>open()) {
      Future<Boolean> waited =
          one.start(
              () -> {
                for (int i = 0; i < 10; i++) {
                  queue.put(i);
                }
                return queue.awaitDone(20, SECONDS);
              });
      SerializableCallable<Integer> works =
          () -> {
            for (int i = 0; i < 10; i++) {
              int taken = queue.take();
              assertThat(taken).isEqualTo(i);
              queue.taskDone();
            }
            return queue.size();
          };
      assertThat(other.start(works).get(30, SECONDS)).isZero();
      assertThat(waited.get(30, SECONDS)).isTrue();
    }
  }

  private static void whatIsGivenBackIsDeliveredAgain(Side one, Side other) throws Exception {
    try (var queue = ProcessQueue.<String>open()) {
      queue.put("job");
      SerializableCallable<Boolean> gives =
          () -> {
            try (var delivery = queue.takeDelivery()) {
              return delivery.attempt() == 1;
            }
          };
      SerializableCallable<Boolean> does =
          () -> {
            try (var delivery = queue.takeDelivery()) {
              delivery.acknowledge();
              return delivery.attempt() == 2 && delivery.object().equals("job");
            }
          };
      assertThat(one.start(gives).get(30, SECONDS)).isTrue();
      assertThat(other.start(does).get(30, SECONDS)).isTrue();
      assertThat(queue.poll(300, MILLISECONDS)).isNull();
    }
  }
}
