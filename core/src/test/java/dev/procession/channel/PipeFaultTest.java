package dev.procession.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.sync.ProcessEvent;
import dev.procession.testing.Asleep;
import dev.procession.testing.Ending;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process that holds an end of a pipe ends in each way at each point: who holds the other end,
 * and who holds the same, goes on, or gets its documented exception, within a second of the end;
 * and messages are whole, in order, and there once. Failures that nobody has asked for are tried at
 * the points where most is under way; all else everywhere.
 */
@Timeout(60)
class PipeFaultTest {
  /** On a machine that has much else to do; nothing polls so seldom. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final Duration LATE = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofHours(1);

  /** Of a message that passes in many fragments. */
  private static final long LONG = 64_000_000;

  /** From one byte of a long message that is looked at to the next. */
  private static final long STRIDE = 4096;

  private static final byte[] MINE = {1, 2, 3};

  /** Of a message of which there are many in a pipe. */
  private static final int SHORT = 1000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<Long>> observers = new ArrayList<>();

  /** Where it is then. */
  enum Point {
    IDLE,
    RECEIVING,
    POLLING,
    WAITING_FOR_ANY,
    SENDING_TO_A_FULL_PIPE,
    SENDING_A_LONG_MESSAGE,
    RECEIVING_A_LONG_MESSAGE,
    SENT_AN_END
  }

  private static final Set<Point> WITH_FAILURES =
      EnumSet.of(Point.SENDING_A_LONG_MESSAGE, Point.RECEIVING_A_LONG_MESSAGE);

  static Stream<Arguments> some() {
    return Ending.at(Point.values(), WITH_FAILURES);
  }

  @AfterEach
  void endThreads() throws Exception {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, SECONDS)).isTrue();
  }

  /** Does for one combination in this process what the tests do. */
  static void run(Point point, Ending end) throws Exception {
    PipeFaultTest test = new PipeFaultTest();
    try {
      test.onlyHolder_endsSomehowSomewhere_peersHaveTheEndOfTheStream(point, end);
      test.observers.clear();
      test.oneOfTwoHolders_endsSomehowSomewhere_theOtherGoesOn(point, end);
    } finally {
      test.endThreads();
    }
  }

  // the process that ends

  private static ChildProcess<?> victim(
      Connection connection, Point point, Ending end, ProcessEvent about, ProcessEvent die) {
    return ChildProcess.start(
        end::options, () -> end.endOnceTold(die, () -> live(connection, point, about)));
  }

  private static void live(Connection connection, Point point, ProcessEvent about)
      throws Exception {
    switch (point) {
      case IDLE, SENT_AN_END -> about.set();
      case RECEIVING -> {
        Asleep.tell(about);
        Object _ = connection.receive();
      }
      case POLLING -> {
        Asleep.tell(about);
        boolean _ = connection.poll(NEVER);
      }
      case WAITING_FOR_ANY -> {
        Asleep.tell(about);
        Object _ = Connection.waitAny(List.of(connection), NEVER);
      }
      case SENDING_TO_A_FULL_PIPE -> {
        Asleep.tell(about);
        for (int i = 0; i < Integer.MAX_VALUE; i++) {
          connection.sendBytes(shortMessage(i));
        }
      }
      case SENDING_A_LONG_MESSAGE -> {
        try (Arena arena = Arena.ofShared()) {
          MemorySegment message = arena.allocate(LONG);
          about.set();
          for (int i = 1; i < Integer.MAX_VALUE; i++) {
            fill(message, i);
            connection.sendBytes(message);
          }
        }
      }
      case RECEIVING_A_LONG_MESSAGE -> {
        try (Arena arena = Arena.ofShared()) {
          MemorySegment message = arena.allocate(LONG);
          Thread _ =
              Thread.ofPlatform()
                  .daemon()
                  .start(
                      () -> {
                        untilBegun(message);
                        about.set();
                      });
          for (int i = 1; i < Integer.MAX_VALUE; i++) {
            connection.receiveBytesInto(message);
          }
        }
      }
    }
  }

  // messages

  private static byte[] shortMessage(int number) {
    byte[] message = new byte[SHORT];
    Arrays.fill(message, (byte) number);
    MemorySegment.ofArray(message).set(ValueLayout.JAVA_INT_UNALIGNED, 0, number);
    return message;
  }

  private static void fill(MemorySegment message, int number) {
    for (long i = 0; i < LONG; i += STRIDE) {
      message.set(ValueLayout.JAVA_BYTE, i, (byte) number);
    }
    message.set(ValueLayout.JAVA_BYTE, LONG - 1, (byte) number);
  }

  /** Its number, of one that is whole. */
  private static int number(MemorySegment message) {
    byte number = message.get(ValueLayout.JAVA_BYTE, LONG - 1);
    for (long i = 0; i < LONG; i += STRIDE) {
      if (message.get(ValueLayout.JAVA_BYTE, i) != number) {
        throw new AssertionError("another message's byte: at=" + i);
      }
    }
    return number;
  }

  /** Waits until a first long message is on its way into memory that was empty. */
  private static void untilBegun(MemorySegment message) {
    while (message.get(ValueLayout.JAVA_BYTE, 1000 * STRIDE) == 0) {
      Thread.onSpinWait();
    }
  }

  // those who live

  /** Has a thread wait for something; it tells when it went on. */
  private void observe(Callable<?> wait) {
    observers.add(
        threads.submit(
            () -> {
              Object _ = wait.call();
              return System.nanoTime();
            }));
  }

  private void assertAllGoOnSoon(long ended) throws Exception {
    for (Future<Long> observer : observers) {
      assertThat(Duration.ofNanos(observer.get(30, SECONDS) - ended)).isLessThan(SOON);
    }
  }

  private static boolean sendUntilClosed(Connection connection, MemorySegment message)
      throws Exception {
    try {
      for (int i = 1; i < Integer.MAX_VALUE; i++) {
        connection.sendBytes(message);
      }
    } catch (PeerClosedException e) {
      return true;
    }
    throw new AssertionError("was not closed");
  }

  /** Receives long messages until the end of the stream, or a short one. */
  private static boolean receiveLongOnes(Connection connection, MemorySegment target)
      throws IOException, InterruptedException {
    int last = 0;
    try {
      while (connection.receiveBytesInto(target) == LONG) {
        assertThat(number(target)).isGreaterThan(last);
        last = number(target);
      }
    } catch (EOFException e) {
      return true;
    }
    return false;
  }

  private static boolean endsTheStream(Connection connection) throws Exception {
    try {
      Object _ = connection.receive();
    } catch (EOFException e) {
      return true;
    }
    throw new AssertionError("there was something to receive");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("some")
  void onlyHolder_endsSomehowSomewhere_peersHaveTheEndOfTheStream(Point point, Ending end)
      throws Exception {
    try (var pipe = Pipe.open();
        Arena arena = Arena.ofShared();
        var about = ProcessEvent.open();
        var die = ProcessEvent.open()) {
      Connection first = pipe.first();
      MemorySegment message = arena.allocate(LONG);
      var victim = victim(pipe.second(), point, end, about, die);
      pipe.second().close();
      switch (point) {
        case IDLE, SENT_AN_END, RECEIVING, POLLING, WAITING_FOR_ANY -> {
          about.await();
          if (point == Point.IDLE) {
            observe(() -> sendUntilClosed(first, message.asSlice(0, 3_000_000)));
          }
          observe(() -> endsTheStream(first));
          observe(() -> assertThat(first.poll(LATE)).isTrue());
          observe(() -> assertThat(Connection.waitAny(List.of(first), LATE)).hasSize(1));
        }
        case SENDING_TO_A_FULL_PIPE -> about.await();
        case SENDING_A_LONG_MESSAGE -> {
          observe(() -> assertThat(receiveLongOnes(first, message)).isTrue());
          untilBegun(message);
        }
        case RECEIVING_A_LONG_MESSAGE -> {
          fill(message, 1);
          observe(() -> sendUntilClosed(first, message));
          observe(() -> endsTheStream(first));
          about.await();
        }
      }

      long ended = end.of(victim, die);

      if (point == Point.SENDING_TO_A_FULL_PIPE) {
        int count = 0;
        try {
          for (int i = 0; i < Integer.MAX_VALUE; i++) {
            assertThat(first.receiveBytes()).isEqualTo(shortMessage(i));
            count++;
          }
        } catch (EOFException e) {
          assertThat(count).isGreaterThan(400);
        }
      }
      observe(() -> sendUntilClosed(first, message.asSlice(0, 3_000_000)));
      assertAllGoOnSoon(ended);
      assertThat(first.poll()).isTrue();
      assertThat(endsTheStream(first)).isTrue();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("some")
  void oneOfTwoHolders_endsSomehowSomewhere_theOtherGoesOn(Point point, Ending end)
      throws Exception {
    try (var pipe = Pipe.open();
        var inner = Pipe.open();
        Arena arena = Arena.ofShared();
        var about = ProcessEvent.open();
        var die = ProcessEvent.open()) {
      Connection first = pipe.first();
      Connection second = pipe.second();
      MemorySegment message = arena.allocate(LONG);
      AtomicBoolean ending = new AtomicBoolean();
      var victim = victim(second, point, end, about, die);
      Future<?> senderOfLongOnes = null;
      switch (point) {
        case RECEIVING_A_LONG_MESSAGE ->
            senderOfLongOnes =
                threads.submit(
                    () -> {
                      for (int i = 1; !ending.get(); i++) {
                        fill(message, i);
                        first.sendBytes(message);
                      }
                      return true;
                    });
        case SENDING_A_LONG_MESSAGE -> {
          observe(() -> assertThat(receiveLongOnes(first, message)).isFalse());
          untilBegun(message);
        }
        case SENT_AN_END -> {
          first.send(inner.second());
          inner.second().close();
        }
        default -> about.await();
      }
      about.await();
      boolean sends = point.name().startsWith("SENDING");
      if (point == Point.SENDING_TO_A_FULL_PIPE) {
        observe(() -> sent(second, MINE));
      } else if (point == Point.RECEIVING_A_LONG_MESSAGE) {
        MemorySegment target = arena.allocate(LONG);
        observe(() -> assertThat(receiveLongOnes(second, target)).isFalse());
      } else if (!sends && point != Point.SENT_AN_END) {
        observe(() -> assertThat(second.receive()).isEqualTo("one"));
        observe(() -> assertThat(first.receive()).isEqualTo("back"));
      }

      ending.set(true);
      long ended = end.of(victim, die);

      switch (point) {
        case SENDING_TO_A_FULL_PIPE -> {
          byte[] received = first.receiveBytes();
          int count = 0;
          while (received.length == SHORT) {
            assertThat(received).isEqualTo(shortMessage(count++));
            received = first.receiveBytes();
          }
          assertThat(count).isGreaterThan(400);
          assertThat(received).isEqualTo(MINE);
        }
        case SENDING_A_LONG_MESSAGE -> second.sendBytes(new byte[1]);
        case RECEIVING_A_LONG_MESSAGE -> {
          Future<?> sender = senderOfLongOnes;
          observe(() -> sender.get(30, SECONDS) != null && sent(first, new byte[1]));
        }
        case SENT_AN_END -> {
          Connection arrived = second.receive(Connection.class);
          arrived.send("it was not lost");
          assertThat(inner.first().receive()).isEqualTo("it was not lost");
          arrived.close();
          assertThat(endsTheStream(inner.first())).isTrue();
        }
        default -> {
          first.send("one");
          second.send("back");
        }
      }
      assertAllGoOnSoon(ended);

      observe(() -> assertThat(second.poll(LATE)).isTrue());
      observe(() -> assertThat(Connection.waitAny(List.of(second), LATE)).hasSize(1));
      first.send("two");
      second.send("back again");
      assertAllGoOnSoon(ended);
      assertThat(second.receive()).isEqualTo("two");
      assertThat(first.receive()).isEqualTo("back again");
      assertThat(first.poll() || second.poll()).isFalse();
      second.close();
      assertThat(endsTheStream(first)).isTrue();
    }
  }

  private static boolean sent(Connection connection, byte[] message) throws Exception {
    connection.sendBytes(message);
    return true;
  }
}
