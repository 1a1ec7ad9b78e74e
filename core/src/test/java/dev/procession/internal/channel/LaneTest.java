package dev.procession.internal.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedObject;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneTest {
  private static final long AT = SharedObject.at(2L * Holders.SIZE);
  private static final long SENDING = AT;
  private static final long BEGUN_BY = AT + 16;
  private static final long RING = AT + 512;
  private static final long TAIL = RING;
  private static final long DATA = RING + 512;
  private static final int CAPACITY = 512 * 1024;

  private SharedObject object;
  private Holders senders;
  private int sender;
  private Lane lane;

  @BeforeEach
  void create() throws IOException {
    object = SharedObject.create("test", 2L * Holders.SIZE + Lane.SIZE);
    senders = new Holders(object, SharedObject.at(0));
    sender = senders.enter();
    var receivers = new Holders(object, SharedObject.at(Holders.SIZE));
    int _ = receivers.enter();
    lane = new Lane(object, AT, new PeerWatch(senders), new PeerWatch(receivers));
  }

  @AfterEach
  void remove() {
    object.unlink();
  }

  private void send(String message, Lane.Own own) throws Exception {
    lane.send(MemorySegment.ofArray(message.getBytes(UTF_8)), List.of(), own);
  }

  private String receive() throws Exception {
    return receive(() -> {});
  }

  private String receive(Lane.Own own) throws Exception {
    CompletableFuture<MemorySegment> received = new CompletableFuture<>();
    lane.receive(
        length -> {
          byte[] target = new byte[(int) length];
          received.complete(MemorySegment.ofArray(target));
          return received.join();
        },
        own);
    return new String(received.join().toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  /** The one who takes over may have closed its end meanwhile. */
  @Test
  void send_afterOneHasDiedBehindItsMessageAndAnotherHasGivenUp_keepsThatMessage()
      throws Exception {
    send("one", () -> {});
    object.words().setLong(TAIL, 0);
    object.words().setLong(SENDING, HoldersTest.dead());
    assertThatThrownBy(
            () ->
                send(
                    "no",
                    () -> {
                      throw new IllegalStateException("closed");
                    }))
        .isInstanceOf(IllegalStateException.class);
    send("two", () -> {});
    assertThat(receive()).isEqualTo("one");
    assertThat(receive()).isEqualTo("two");
    assertThat(lane.poll(Deadline.in(0), () -> {})).isFalse();
  }

  /** What will be there is not lost, though the last end is closed while it is being sent. */
  @Test
  void receive_whileTheClosedEndStillSends_waitsForIt() throws Exception {
    CountDownLatch sends = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Future<Boolean> sent =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                send(
                    "last",
                    () -> {
                      sends.countDown();
                      await(closed);
                    });
                return true;
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    await(sends);
    senders.leave(sender);
    assertThat(lane.poll(Deadline.in(0), () -> {})).isFalse();
    closed.countDown();
    assertThat(receive()).isEqualTo("last");
    assertThat(sent.get(10, SECONDS)).isTrue();
    assertThatThrownBy(this::receive).isInstanceOf(EOFException.class);
  }

  // long messages that were given up

  /** A message that does not fit into the ring, so that its sender waits. */
  private static final String TOO_LONG = "x".repeat(CAPACITY + 1);

  /** Receives what is not too long. */
  private String receiveShort() throws Exception {
    CompletableFuture<MemorySegment> received = new CompletableFuture<>();
    lane.receive(
        length -> {
          if (length > 100_000) {
            throw new IOException("too long");
          }
          received.complete(MemorySegment.ofArray(new byte[(int) length]));
          return received.join();
        },
        () -> {});
    return new String(received.join().toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  /** Sends in a thread; returns when that waits for room. */
  private CompletableFuture<?> sendWaiting(String message, CountDownLatch giveUp) {
    CountDownLatch waits = new CountDownLatch(2); // it looks at its end first, then when it waits
    CompletableFuture<?> sending =
        CompletableFuture.runAsync(
            () ->
                endsSomehow(
                    () ->
                        send(
                            message,
                            () -> {
                              waits.countDown();
                              if (giveUp.getCount() == 0) {
                                throw new IllegalStateException("closed");
                              }
                            })));
    await(waits);
    return sending;
  }

  @Test
  void receive_ofWhatIsTooLong_whileItIsBeingSent_isRefusedAndLeavesIt() throws Exception {
    CountDownLatch giveUp = new CountDownLatch(1);
    CompletableFuture<?> sent = sendWaiting(TOO_LONG, giveUp);
    for (int i = 0; i < 2; i++) {
      assertThat(lane.poll(Deadline.in(0), () -> {})).isTrue();
      assertThatThrownBy(this::receiveShort).isInstanceOf(IOException.class).hasMessage("too long");
    }
    assertThat(receive()).isEqualTo(TOO_LONG);
    sent.get(10, SECONDS);
  }

  @Test
  void receive_ofWhatIsTooLongAndGivenUp_whileTheNextSenderFindsNoRoom_passesOver()
      throws Exception {
    CountDownLatch giveUp = new CountDownLatch(1);
    CompletableFuture<?> givenUp = sendWaiting(TOO_LONG, giveUp);
    giveUp.countDown();
    givenUp.get(10, SECONDS);
    String next = "y".repeat(65_536);
    CompletableFuture<?> sent = sendWaiting(next, new CountDownLatch(1));

    assertThat(receiveShort()).isEqualTo(next);
    sent.get(10, SECONDS);
  }

  @Test
  void poll_forWhatADeadSenderGaveUp_whileTheNextHasOnlyJustTakenOver_isFalse() throws Exception {
    CountDownLatch giveUp = new CountDownLatch(1);
    CompletableFuture<?> givenUp = sendWaiting(TOO_LONG, giveUp);
    giveUp.countDown();
    givenUp.get(10, SECONDS);
    object.words().setLong(SENDING, Participant.me());
    object.words().setLong(BEGUN_BY, HoldersTest.dead());

    assertThat(lane.poll(Deadline.in(0), () -> {})).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everything_onGarbage_ends() throws Exception {
    var random = RandomGenerator.of("L64X128MixRandom");
    for (int round = 0; round < 200; round++) {
      int step = round % 2 == 0 ? Long.BYTES : 64;
      long end = round % 3 == 0 ? DATA + CAPACITY : DATA + 4096;
      long begin = round % 5 == 0 ? RING : DATA;
      for (long at = begin; at < end; at += step) {
        long type = random.nextInt(-1, 5);
        object.words().setLong(at, type << 32 | random.nextInt(1, round % 7 == 0 ? 100_000 : 9));
      }
      object.words().setLong(SENDING, round % 4 == 0 ? HoldersTest.dead() : 0);
      endsSomehow(() -> lane.poll(Deadline.in(1), () -> {}));
      endsSomehow(() -> lane.poll(Deadline.in(1), () -> {}));
      endsSomehow(() -> send("any", closedSoon()));
      endsSomehow(() -> receive(closedSoon()));
      assertThat(object.words().getLong(SENDING)).isZero();
    }
  }

  /** Records all around the ring, and nothing behind them. */
  @Test
  void send_afterADeathInARingOfGarbage_ends() throws Exception {
    for (long at = DATA; at < DATA + CAPACITY; at += Long.BYTES) {
      object.words().setLong(at, 1L << 32 | 8);
    }
    object.words().setLong(SENDING, HoldersTest.dead());
    Future<Boolean> ended =
        CompletableFuture.supplyAsync(
            () -> {
              endsSomehow(() -> send("any", () -> {}));
              return true;
            });
    assertThat(ended.get(10, SECONDS)).isTrue();
  }

  private static Lane.Own closedSoon() {
    AtomicInteger left = new AtomicInteger(2);
    return () -> {
      if (left.getAndDecrement() == 0) {
        throw new IllegalStateException("closed");
      }
    };
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void endsSomehow(Step step) {
    try {
      step.run();
    } catch (Exception e) {
      assertThat(e.getMessage()).isNotEqualTo("");
    }
  }
}
