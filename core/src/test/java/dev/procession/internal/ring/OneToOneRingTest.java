package dev.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    assertThat(producer.claim(1, producer.maxBody())).isPositive();
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
  void next_wordsThatMakeNoSense_throwsRatherThanBelieves() {
    bytes.putLong(RingLayout.TAIL, 8L * CAPACITY);
    assertThatThrownBy(consumer::next).isInstanceOf(CorruptRingException.class);

    bytes.putLong(RingLayout.TAIL, 64);
    bytes.putInt(RingLayout.DATA + RingLayout.BODY_LENGTH, Integer.MAX_VALUE - 8);
    assertThatThrownBy(consumer::next).isInstanceOf(CorruptRingException.class);

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
