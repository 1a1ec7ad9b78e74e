package dev.procession.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.function.SerializableCallable;
import dev.procession.testing.Sides;
import dev.procession.testing.Sides.Pair;
import dev.procession.testing.Sides.Side;
import java.io.EOFException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What pipes promise, between every sort of two, with a futex and without. */
@Timeout(60)
class PipeContractTest {
  private static final int ROUNDS = 100;

  static Stream<Arguments> all() {
    return Sides.all();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void pipe_betweenTwo_doesWhatItPromises(Pair pair, String os) throws InterruptedException {
    Sides.runOn(os, () -> check(pair));
  }

  private static void check(Pair pair) throws Exception {
    try (var sides = Sides.open(pair)) {
      Side one = sides.one();
      Side other = sides.other();
      objectsComeBack(one, other);
      bytesComeBack(one, other);
      manyArriveInOrder(one, other);
      streamEnds(one, other);
    }
  }

  private static void both(Future<Boolean> one, Future<Boolean> other) throws Exception {
    assertThat(one.get(30, SECONDS)).isTrue();
    assertThat(other.get(30, SECONDS)).isTrue();
  }

  private static void objectsComeBack(Side one, Side other) throws Exception {
    try (var pipe = Pipe.open()) {
      var first = pipe.first();
      var second = pipe.second();
      SerializableCallable<Boolean> asks =
          () -> {
            for (int i = 0; i < ROUNDS; i++) {
              List<Object> objects = List.of(i, "text", LocalDate.EPOCH, Map.of("key", new int[0]));
              first.send(objects);
              List<?> received = first.receive(List.class);
              assertThat(received.subList(0, 3)).isEqualTo(objects.subList(0, 3));
              assertThat(received).hasSize(4);
            }
            first.send("end");
            return true;
          };
      SerializableCallable<Boolean> echoes =
          () -> {
            Object received = second.receive();
            while (!received.equals("end")) {
              second.send(received);
              received = second.receive();
            }
            return true;
          };
      both(one.start(asks), other.start(echoes));
    }
  }

  private static void bytesComeBack(Side one, Side other) throws Exception {
    try (var pipe = Pipe.open()) {
      var first = pipe.first();
      var second = pipe.second();
      int[] lengths = {1, 8, 1000, 65_536, 65_537, 524_288, 5_000_011};
      SerializableCallable<Boolean> asks =
          () -> {
            for (int length : lengths) {
              byte[] message = new byte[length];
              Arrays.fill(message, (byte) length);
              message[length - 1] = 1;
              first.sendBytes(message);
              if (!Arrays.equals(first.receiveBytes(), message)) {
                throw new AssertionError("another came back: length=" + length);
              }
            }
            first.sendBytes(new byte[0]);
            return true;
          };
      SerializableCallable<Boolean> echoes =
          () -> {
            byte[] received = second.receiveBytes();
            while (received.length > 0) {
              second.sendBytes(received);
              received = second.receiveBytes();
            }
            return true;
          };
      both(one.start(asks), other.start(echoes));
    }
  }

  private static void manyArriveInOrder(Side one, Side other) throws Exception {
    try (var pipe = Pipe.openOneWay()) {
      var receiver = pipe.first();
      var sender = pipe.second();
      Future<Boolean> sent =
          other.start(
              () -> {
                for (int i = 0; i < 50 * ROUNDS; i++) {
                  sender.send(i);
                }
                return true;
              });
      Future<Boolean> received =
          one.start(
              () -> {
                for (int i = 0; i < 50 * ROUNDS; i++) {
                  if (i % 100 == 0 && !receiver.poll(Duration.ofSeconds(20))) {
                    throw new AssertionError("nothing came");
                  }
                  assertThat(receiver.receive()).isEqualTo(i);
                }
                return !receiver.poll();
              });
      both(sent, received);
    }
  }

  private static void streamEnds(Side one, Side other) throws Exception {
    try (var pipe = Pipe.open()) {
      var first = pipe.first();
      var second = pipe.second();
      Future<Boolean> ends =
          one.start(
              () -> {
                boolean there = first.receive().equals("here");
                first.send("last");
                first.close();
                return there;
              });
      Future<Boolean> drains =
          other.start(
              () -> {
                second.send("here");
                return second.receive().equals("last") && isAtEnd(second);
              });
      assertThat(ends.get(30, SECONDS)).isTrue();
      first.close();
      assertThat(drains.get(30, SECONDS)).isTrue();
    }
  }

  private static boolean isAtEnd(Connection connection) throws Exception {
    try {
      Object _ = connection.receive();
      return false;
    } catch (EOFException e) {
      return connection.poll();
    }
  }
}
