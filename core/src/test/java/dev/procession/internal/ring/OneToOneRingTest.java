package dev.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.internal.segment.DyingBytes;
import dev.procession.internal.segment.SharedBytes;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One producer's and one consumer's view of a ring, in one thread. */
class OneToOneRingTest {
  private static final int CAPACITY = 256;

  private final SharedBytes bytes = SharedBytes.local(OneToOneRing.size(CAPACITY));
  private final OneToOneRing producer = new OneToOneRing(bytes, 0, CAPACITY);
  private final OneToOneRing consumer = new OneToOneRing(bytes, 0, CAPACITY);

  @Test
  void next_nothingPublished_isFalse() {
    assertThat(consumer.next()).isFalse();

    producer.claim(1, 8);

    assertThat(consumer.next()).isFalse();
  }

  @Test
  void publish_makesTheRecordVisible() {
    int offset = producer.claim(7, 12);
    bytes.putInt(offset, 99);
    producer.publish();

    assertThat(consumer.next()).isTrue();
    assertThat(consumer.type()).isEqualTo(7);
    assertThat(consumer.length()).isEqualTo(12);
    assertThat(bytes.getInt(consumer.body())).isEqualTo(99);
    consumer.release();
    assertThat(consumer.next()).isFalse();
  }

  @Test
  void claim_producerDiedInMidWrite_nobodySeesIt() {
    bytes.putLong(producer.claim(1, 64), -1);
    OneToOneRing successor = new OneToOneRing(bytes, 0, CAPACITY);

    assertThat(consumer.next()).isFalse();
    successor.claim(2, 0);
    successor.publish();
    assertThat(consumer.next()).isTrue();
    assertThat(consumer.type()).isEqualTo(2);
  }

  @Test
  void claim_full_isRefusedUntilReleased() {
    assertThat(producer.claim(1, producer.maxBody())).isPositive();
    producer.publish();
    assertThat(producer.claim(1, producer.maxBody())).isEqualTo(-1); // behind it is a header
    assertThat(producer.claim(1, producer.maxBody() - 8)).isPositive();
    producer.publish();

    assertThat(producer.claim(1, 0)).isEqualTo(-1);

    assertThat(consumer.next()).isTrue();
    consumer.release();
    assertThat(producer.claim(1, 0)).isPositive();
  }

  @Test
  void claim_longerThanEverFits_throws() {
    assertThatThrownBy(() -> producer.claim(1, producer.maxBody() + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> producer.claim(1, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void records_ofAllSizesAroundTheEnd_arriveInOrder() {
    Random random = new Random(1);
    int sent = 0;
    int received = 0;
    while (received < 10_000) {
      int length = Integer.BYTES + random.nextInt(producer.maxBody() - Integer.BYTES + 1);
      int offset = producer.claim(5, length);
      if (offset >= 0) {
        bytes.putInt(offset, sent++);
        producer.publish();
      }
      if (random.nextBoolean() && consumer.next()) {
        assertThat(bytes.getInt(consumer.body())).isEqualTo(received++);
        consumer.release();
      }
    }
  }

  @Test
  void isReusing_onlyAfterTheProducerHasSeenTheRelease() {
    producer.claim(1, 100);
    long position = producer.claimed();
    producer.publish();
    consumer.next();
    consumer.release();

    assertThat(producer.isReusing(position)).isFalse();

    producer.claim(1, 100);
    producer.publish();
    producer.claim(1, 100);
    assertThat(producer.isReusing(position)).isTrue();
  }

  @Test
  void skip_overTheEndOfTheRing_releasesNothing() {
    for (int i = 0; i < 4; i++) {
      assertThat(producer.claim(1, 40)).isPositive();
      producer.publish();
    }
    for (int i = 0; i < 3; i++) {
      assertThat(consumer.next()).isTrue();
      consumer.release();
    }
    assertThat(producer.claim(2, 100)).isPositive(); // behind a padding
    producer.publish();
    long head = bytes.getLong(RingLayout.HEAD);
    OneToOneRing reader = new OneToOneRing(bytes, 0, CAPACITY);
    reader.resumeConsumer();
    int last = 0;
    while (reader.next()) {
      last = reader.type();
      reader.skip();
    }
    assertThat(last).isEqualTo(2);
    assertThat(bytes.getLong(RingLayout.HEAD)).isEqualTo(head);
  }

  @Test
  void recoverProducer_afterADeathAtAnyStore_goesOnBehindWhatIsPublished() {
    int stores = 0;
    boolean died = true;
    while (died) {
      SharedBytes shared = SharedBytes.local(OneToOneRing.size(CAPACITY));
      OneToOneRing dying = new OneToOneRing(new DyingBytes(shared, stores), 0, CAPACITY);
      OneToOneRing heir = new OneToOneRing(shared, 0, CAPACITY);
      OneToOneRing reader = new OneToOneRing(shared, 0, CAPACITY);
      int[] published = {0};
      int[] seen = {0};
      died =
          DyingBytes.dies(
              () -> {
                while (published[0] < 30) {
                  if (dying.claim(published[0], 8 * (published[0] % 13)) >= 0) {
                    dying.publish();
                    published[0]++;
                  } else {
                    seen[0] = take(reader, seen[0]);
                  }
                }
              });
      heir.recoverProducer();
      seen[0] = take(reader, seen[0]);
      assertThat(seen[0]).isBetween(published[0], published[0] + 1); // if it died right after
      for (int i = 0; i < 30; i++) {
        assertThat(heir.claim(seen[0], 8 * (i % 13))).isPositive();
        heir.publish();
        seen[0] = take(reader, seen[0]);
      }
      stores++;
    }
    assertThat(stores).isGreaterThan(60);
  }

  /** Takes what is there, numbered by types from a number on; returns the next. */
  private static int take(OneToOneRing reader, int first) {
    int next = first;
    while (reader.next()) {
      assertThat(reader.type()).isEqualTo(next);
      reader.release();
      next++;
    }
    return next;
  }

  @Test
  void next_wordsThatMakeNoSense_throwsRatherThanBelieves() {
    for (long header :
        new long[] {
          RingLayout.header(1, CAPACITY),
          RingLayout.header(1, Integer.MAX_VALUE - 8),
          RingLayout.header(1, -2),
          1,
          -1,
          Long.MIN_VALUE,
          RingLayout.header(RingLayout.PADDING, 0), // does not reach the end
          RingLayout.header(RingLayout.PADDING, CAPACITY - RingLayout.HEADER) // for ever
        }) {
      bytes.putLong(RingLayout.DATA, header);
      assertThatThrownBy(consumer::next)
          .as("header %x", header)
          .isInstanceOf(CorruptRingException.class);
    }
    bytes.putLong(RingLayout.DATA, RingLayout.NOTHING);

    producer.claim(1, 8);
    producer.publish();
    bytes.putLong(RingLayout.HEAD, -8);
    assertThatThrownBy(() -> producer.awaitRoom(CAPACITY, () -> {})) // asks for the head
        .isInstanceOf(CorruptRingException.class);
  }

  @Test
  void wake_onlyWhenSomebodyHasAnnouncedToSleep() {
    int[] wakeUps = {0};
    producer.claim(1, 0);
    producer.publish();
    producer.wakeConsumer(() -> wakeUps[0]++);
    assertThat(wakeUps[0]).isZero();
    consumer.next();
    consumer.release();

    boolean found =
        consumer.await(
            0,
            () -> {
              producer.claim(1, 0);
              producer.publish();
              producer.wakeConsumer(() -> wakeUps[0]++);
              producer.wakeConsumer(() -> wakeUps[0]++);
            });

    assertThat(found).isTrue();
    assertThat(wakeUps[0]).isEqualTo(1);
  }
}
