package dev.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * A JVM that writes records into a ring as fast as it can is killed at a random moment; what its
 * consumer sees is whole, in order, and without a gap.
 */
class KilledProducerTest {
  private static final int CAPACITY = 4096;
  private static final int ROUNDS = 30;
  private static final int MOST_RECORDS = 2_000;

  /** A record is its number, a checksum, and bytes. */
  private static final int NUMBER = 0;

  private static final int CHECKSUM = 8;
  private static final int BYTES = 16;

  private static byte[] bytesOf(long record) {
    byte[] bytes = new byte[(int) (record * 37 % 1000)];
    Arrays.fill(bytes, (byte) record);
    return bytes;
  }

  private static long checksum(long record, byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update((int) record);
    checksum.update(bytes);
    return checksum.getValue();
  }

  /** The program that is killed. */
  static final class Producer {
    private Producer() {}

    public static void main(String[] arguments) throws IOException {
      SharedBytes bytes = Segment.attach(Path.of(arguments[0])).bytes();
      OneToOneRing ring = new OneToOneRing(bytes, 0, CAPACITY);
      for (long record = 0; true; record++) {
        byte[] content = bytesOf(record);
        int length = BYTES + content.length;
        int offset = ring.claim(1, length);
        while (offset < 0) {
          ring.awaitRoom(length, () -> LockSupport.parkNanos(1_000));
          offset = ring.claim(1, length);
        }
        bytes.putLong(offset + NUMBER, record);
        bytes.putLong(offset + CHECKSUM, checksum(record, content));
        bytes.putBytes(offset + BYTES, content, 0, content.length);
        ring.publish();
        ring.wakeConsumer(() -> {});
      }
    }
  }

  @Test
  void records_producerIsKilledOverAndOver_areAWholePrefix() throws Exception {
    Random random = new Random();
    for (int round = 0; round < ROUNDS; round++) {
      Path path = Segment.createFile("test", new byte[0], OneToOneRing.size(CAPACITY));
      try (Segment segment = Segment.attach(path)) {
        Process producer = start(path);
        try {
          Consumer consumer = new Consumer(segment.bytes());
          consumer.take(producer, 1 + random.nextInt(MOST_RECORDS));
          LockSupport.parkNanos(random.nextInt(100_000)); // in which it fills the ring, or not
          producer.destroyForcibly().waitFor();
          consumer.takeRest();
        } finally {
          producer.destroyForcibly().waitFor();
          segment.unlink();
        }
      }
    }
  }

  private static Process start(Path ring) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            Producer.class.getName(),
            ring.toString())
        .inheritIO()
        .start();
  }

  /** Takes records, and looks at every byte of them. */
  private static final class Consumer {
    private final SharedBytes bytes;
    private final OneToOneRing ring;
    private long seen;

    Consumer(SharedBytes bytes) {
      this.bytes = bytes;
      this.ring = new OneToOneRing(bytes, 0, CAPACITY);
    }

    void take(Process producer, long records) {
      while (seen < records) {
        if (!ring.next()) {
          assertThat(producer.isAlive()).isTrue();
          LockSupport.parkNanos(1_000);
        } else {
          takeOne();
        }
      }
    }

    void takeRest() {
      while (ring.next()) {
        takeOne();
      }
    }

    private void takeOne() {
      byte[] expected = bytesOf(seen);
      byte[] content = new byte[expected.length];
      assertThat(ring.length()).isEqualTo(BYTES + expected.length);
      bytes.getBytes(ring.body() + BYTES, content, 0, content.length);
      assertThat(bytes.getLong(ring.body() + NUMBER)).isEqualTo(seen);
      assertThat(content).isEqualTo(expected);
      assertThat(bytes.getLong(ring.body() + CHECKSUM)).isEqualTo(checksum(seen, content));
      ring.release();
      ring.wakeProducer(() -> {});
      seen++;
    }
  }
}
