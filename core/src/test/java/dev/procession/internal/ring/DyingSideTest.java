package dev.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.segment.DyingBytes;
import dev.procession.internal.segment.SharedBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A ring of which one side dies, at every point where it can: right before its first store, before
 * its second, and so on until it is done. The other side, alive on the same memory, must not notice
 * more than that nothing comes any more.
 */
class DyingSideTest {
  private static final int CAPACITY = 128;
  private static final int RECORDS = 40;
  private static final Waker NOBODY = () -> {};

  /** What a record consists of: lengths of all sorts, so that some do not fit before the end. */
  private static byte[] content(int record) {
    byte[] content = new byte[record * 7 % (CAPACITY / 2 - RingLayout.HEADER + 1)];
    Arrays.fill(content, (byte) (record + 1));
    return content;
  }

  private static byte[] bytesAt(SharedBytes bytes, int offset, int length) {
    byte[] content = new byte[length];
    bytes.getBytes(offset, content, 0, length);
    return content;
  }

  @Test
  void producer_diesBeforeAnyStore_consumerSeesWhatWasPublishedAndNoMore() {
    int stores = 0;
    boolean died = true;
    while (died) {
      died = producerDies(stores);
      stores++;
    }
    assertThat(stores).isGreaterThan(5 * RECORDS);
  }

  private static boolean producerDies(int stores) {
    SharedBytes shared = SharedBytes.local(OneToOneRing.size(CAPACITY));
    DyingBytes dying = new DyingBytes(shared, stores);
    OneToOneRing producer = new OneToOneRing(dying, 0, CAPACITY);
    OneToOneRing consumer = new OneToOneRing(shared, 0, CAPACITY);
    int[] published = {0};
    int[] seen = {0};
    boolean died =
        DyingBytes.dies(
            () -> {
              for (int i = 0; i < RECORDS; i++) {
                byte[] content = content(i);
                shared.putInt(RingLayout.CONSUMER_ASLEEP, 1); // so that each wakes it
                int offset = producer.claim(i, content.length);
                while (offset < 0) {
                  producer.awaitRoom(
                      content.length, () -> seen[0] += drain(consumer, shared, seen[0]));
                  offset = producer.claim(i, content.length);
                }
                dying.putBytes(offset, content, 0, content.length);
                producer.publish();
                published[0]++;
                producer.wakeConsumer(NOBODY);
              }
            });
    seen[0] += drain(consumer, shared, seen[0]);
    assertThat(seen[0])
        .as("records seen, stores=%d", stores)
        .isBetween(published[0], published[0] + 1);
    assertThat(consumer.await(0, () -> {})).isFalse();
    return died;
  }

  /** Takes what is there, which has to be the records from a number on; returns how many. */
  private static int drain(OneToOneRing consumer, SharedBytes bytes, int first) {
    int record = first;
    while (consumer.next()) {
      assertThat(consumer.type()).isEqualTo(record);
      assertThat(bytesAt(bytes, consumer.body(), consumer.length())).isEqualTo(content(record));
      consumer.release();
      consumer.wakeProducer(NOBODY);
      record++;
    }
    return record - first;
  }

  @Test
  void consumer_diesBeforeAnyStore_producerOverwritesNothingThatIsNotReleased() {
    int stores = 0;
    boolean died = true;
    while (died) {
      died = new Consumption(stores).dies();
      stores++;
    }
    assertThat(stores).isGreaterThan(2 * RECORDS);
  }

  /** A consumer that dies, and a producer that writes whatever there is room for. */
  private static final class Consumption {
    private final SharedBytes shared = SharedBytes.local(OneToOneRing.size(CAPACITY));
    private final OneToOneRing producer = new OneToOneRing(shared, 0, CAPACITY);
    private final OneToOneRing consumer;

    /** Where the bodies of all records lie or lay. */
    private final List<Integer> offsets = new ArrayList<>();

    private int released;

    Consumption(int stores) {
      consumer = new OneToOneRing(new DyingBytes(shared, stores), 0, CAPACITY);
    }

    boolean dies() {
      boolean died = DyingBytes.dies(this::consume);
      fill();
      assertThat(producer.claim(0, producer.maxBody())).as("room").isEqualTo(-1);
      int[] sleeps = {0};
      producer.awaitRoom(producer.maxBody(), () -> sleeps[0]++);
      assertThat(sleeps[0]).isEqualTo(1);
      return died;
    }

    private void consume() {
      while (released < RECORDS) {
        while (!consumer.await(0, this::fill)) {
          fill();
        }
        fill(); // it may not use what is being looked at
        assertThat(consumer.type()).isEqualTo(released);
        shared.putInt(RingLayout.PRODUCER_ASLEEP, 1); // so that each release wakes it
        consumer.release();
        released++;
        consumer.wakeProducer(NOBODY);
      }
    }

    /** Writes records until there is no room, then looks at all that were not released. */
    private void fill() {
      int offset = claimNext();
      while (offset >= 0) {
        byte[] content = content(offsets.size());
        shared.putBytes(offset, content, 0, content.length);
        offsets.add(offset);
        producer.publish();
        producer.wakeConsumer(NOBODY);
        offset = claimNext();
      }
      for (int i = released; i < offsets.size(); i++) {
        byte[] content = content(i);
        assertThat(bytesAt(shared, offsets.get(i), content.length)).isEqualTo(content);
      }
    }

    private int claimNext() {
      return producer.claim(offsets.size(), content(offsets.size()).length);
    }
  }
}
