package dev.procession.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many processes receive from one end of a pipe and send back through it, while most of them are
 * killed: so many that some own the end then, or are in the middle of a long message. Each message
 * is there once, whole, and comes back once, but for those that the dead had received.
 */
@Timeout(120)
@Tag("stress") // starting so many takes its time
class PipeCrowdTest {
  private static final int PROCESSES = 64;
  private static final int KILLED = 56;
  private static final int MESSAGES = 20_000;

  /** Each so many messages comes one of many fragments. */
  private static final int LONG_EACH = 5;

  private static final int HEAD = Integer.BYTES;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
    ChildProcess.active().forEach(ChildProcess::kill); // those that a failure leaves
  }

  @Test
  void crowdOnOneEnd_someAreKilled_messagesAreThereOnceAndWhole() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    AtomicInteger sent = new AtomicInteger();
    List<ChildProcess<?>> crowd;
    BitSet back;
    try (var pipe = Pipe.open()) {
      Connection first = pipe.first();
      crowd = start(pipe.second());
      pipe.second().close();
      Future<?> sending =
          threads.submit(
              () -> {
                for (int i = 0; i < MESSAGES; i++) {
                  first.sendBytes(message(i));
                  sent.set(i);
                }
                return true;
              });
      Future<BitSet> receiving = threads.submit(() -> receiveAll(first));

      List<ChildProcess<?>> victims = new ArrayList<>();
      for (int i = 1; i <= KILLED; i++) {
        while (sent.get() < i * MESSAGES / (KILLED + 1)) {
          Thread.sleep(random.nextInt(3));
        }
        ChildProcess<?> victim = crowd.remove(random.nextInt(crowd.size()));
        victim.kill();
        victims.add(victim);
      }
      for (ChildProcess<?> victim : victims) {
        victim.join();
      }
      assertThat(sending.get(15, SECONDS)).isEqualTo(true);
      for (int i = 0; i < crowd.size(); i++) {
        first.sendBytes(new byte[0]);
      }
      back = receiving.get(15, SECONDS);
    }
    for (ChildProcess<?> survivor : crowd) {
      survivor.join();
      assertThat(survivor.failure()).isEmpty();
    }
    assertThat(back.cardinality()).as("seed %d", seed).isBetween(MESSAGES - KILLED, MESSAGES);
  }

  private List<ChildProcess<?>> start(Connection end) throws Exception {
    List<CompletableFuture<ChildProcess<?>>> starting = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      starting.add(
          CompletableFuture.supplyAsync(
              () ->
                  ChildProcess.start(
                      options -> options.withDaemon(true).withMaxHeap("32m"), () -> echo(end)),
              threads));
    }
    List<ChildProcess<?>> crowd = new ArrayList<>();
    for (var started : starting) {
      crowd.add(started.get(15, SECONDS));
    }
    return crowd;
  }

  /** Sends back what is received, until that is empty. */
  private static void echo(Connection end) throws Exception {
    byte[] message = end.receiveBytes();
    while (message.length > 0) {
      boolean _ = number(message) >= 0;
      end.sendBytes(message);
      message = end.receiveBytes();
    }
    end.close();
  }

  /** Receives until nobody holds the other end; which messages, each of which comes once. */
  private static BitSet receiveAll(Connection end) throws Exception {
    BitSet all = new BitSet();
    try {
      while (true) {
        int number = number(end.receiveBytes());
        if (all.get(number)) {
          throw new AssertionError("came twice: number=" + number);
        }
        all.set(number);
      }
    } catch (EOFException e) {
      return all;
    }
  }

  private static byte[] message(int number) {
    byte[] message = new byte[length(number)];
    Arrays.fill(message, (byte) number);
    ByteBuffer.wrap(message).putInt(number);
    return message;
  }

  private static int length(int number) {
    return HEAD + (number % LONG_EACH == 0 ? 300_000 : number % 3000);
  }

  /** Its number, of one that is whole. */
  private static int number(byte[] message) {
    int number = ByteBuffer.wrap(message).getInt();
    if (!Arrays.equals(message, message(number))) {
      throw new AssertionError("not whole: number=" + number + ", length=" + message.length);
    }
    return number;
  }
}
