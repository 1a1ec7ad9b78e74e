package dev.procession.internal.channel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.channel.QueueClosedException;
import dev.procession.internal.channel.ObjectQueue.Delivered;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.testing.Aside;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Queues whose words are as somebody leaves them who dies between two stores; the way there is too
 * short for a kill to meet it.
 */
@Timeout(60)
class ObjectQueueTest {
  private static final long SOON = SECONDS.toNanos(1);
  private static final long PUTTING = SharedObject.at(0);
  private static final long PUT = SharedObject.at(64);
  private static final long TAKING = SharedObject.at(128);
  private static final Duration NEVER = Duration.ofHours(1);

  /** In the file of a ring: how far it was released. */
  private static final int HEAD = 128 + 128;

  private ObjectQueue<String> queue;
  private SharedWords words;

  @BeforeEach
  void create() throws Exception {
    queue = ObjectQueue.create(10, 1 << 20);
    words = SharedHandle.arrived("queue", queue.path()).words();
  }

  @AfterEach
  void close() throws Exception {
    queue.close();
    while (!queue.isClosed() || queue.size() > 0) {
      assertThat(queue.poll()).isNotNull();
    }
    assertThatThrownBy(() -> queue.take(SOON)).isInstanceOf(QueueClosedException.class);
  }

  private void put(String element) throws InterruptedException {
    assertThat(queue.put(element, SOON)).isTrue();
  }

  /** Dies after it has said that it puts a record, before that is there. */
  private void putterDies() throws Exception {
    words.setLong(PUT, words.getLong(PUT) + 1);
    words.setLong(PUTTING, HoldersTest.dead());
  }

  /** Dies after it has said that it takes the first record, before it has released it. */
  private void takerDidNotRelease() throws Exception {
    try (Segment ring = Segment.attach(Path.of(queue.path() + ".0"))) {
      ring.bytes().putLong(HEAD, 0);
    }
  }

  @Test
  void awaitDone_putterDiedBeforeItsRecordWasThere_doesNotWaitForIt() throws Exception {
    put("one");
    CompletableFuture<Boolean> done = Aside.run(() -> queue.awaitDone(SECONDS.toNanos(20)));
    putterDies();
    assertThat(queue.take(SOON)).isEqualTo("one");
    queue.taskDone();

    assertThat(done.get(1, SECONDS)).isTrue();
    assertThat(queue.size()).isZero();
    assertThatThrownBy(() -> queue.taskDone()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void take_putterDiedBeforeItsRecordWasThere_findsNothingAndSizeIsRight() throws Exception {
    putterDies();

    assertThat(queue.take(MILLISECONDS.toNanos(20))).isNull();
    assertThat(queue.size()).isZero();
    put("one");
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.take(SOON)).isEqualTo("one");
  }

  @Test
  void close_putterDiedBeforeItsRecordWasThere_leavesNothing() throws Exception {
    put("one");
    putterDies();
    queue.close();

    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.take(SOON)).isEqualTo("one");
    assertThat(queue.size()).isZero();
  }

  @Test
  void takeDelivery_ofAnothersWhenTheRingHasGoneRound_looksWhereTheNextOneIs() throws Exception {
    ObjectQueue<String> other = ObjectQueue.arrived(queue.path(), 1 << 20);
    put("seen by the other");
    assertThat(other.take(SOON)).isNotNull();
    for (int i = 0; i < 700; i++) {
      put("l".repeat(500 + i));
      assertThat(queue.take(SOON)).hasSize(500 + i);
    }
    put("to be given back");
    Delivered<String> first = queue.takeDelivery(SOON);
    queue.giveBack(first.number());

    Delivered<String> second = other.takeDelivery(SOON);
    assertThat(second.object()).isEqualTo("to be given back");
    other.acknowledge(second.number());
  }

  @Test
  void take_closedWhileAnotherTakes_saysThatItIsClosed() throws Exception {
    OwnedWord taking = new OwnedWord(SharedHandle.arrived("queue", queue.path()).object(), TAKING);
    assertThat(taking.tryTake()).isEqualTo(OwnedWord.Result.TAKEN);
    long mine = taking.value();
    ObjectQueue<String> unattached = ObjectQueue.arrived(queue.path(), 1 << 20);
    FutureTask<String> take = new FutureTask<>(() -> unattached.take(NANOSECONDS.convert(NEVER)));
    Thread _ = Thread.ofPlatform().start(take);
    await(() -> taking.value() != mine); // it sleeps
    Thread closer = Thread.ofPlatform().start(queue::close);
    await(() -> closer.getState() != Thread.State.RUNNABLE); // has closed it, or waits behind it
    assertThat(taking.free()).isTrue();

    assertThatThrownBy(() -> take.get(1, SECONDS)).hasCauseInstanceOf(QueueClosedException.class);
    assertThat(unattached.peek()).isNull();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  @Test
  void take_ofTheLastOfAClosedQueue_leavesNoFile() throws Exception {
    put("one");
    queue.close();
    assertThat(Path.of(queue.path())).exists();
    assertThat(queue.take(SOON)).isEqualTo("one");

    assertThat(Path.of(queue.path())).doesNotExist();
    assertThat(Path.of(queue.path() + ".0")).doesNotExist();
  }

  @Test
  void close_putterDiedWhenItHadMadeTheNextRing_leavesNoFile() throws Exception {
    Path next = Path.of(queue.path() + ".1");
    Segment.createFile(next, 4096);
    queue.close();

    assertThat(next).doesNotExist();
  }

  @Test
  void acknowledge_ofTheLastOfAClosedQueue_leavesNoFile() throws Exception {
    put("one");
    Delivered<String> last = queue.takeDelivery(SOON);
    queue.close();
    assertThat(Path.of(queue.path())).exists();
    queue.acknowledge(last.number());

    assertThat(Path.of(queue.path())).doesNotExist();
  }

  @Test
  void take_behindATakerThatHasNotReleasedItsRecord_getsTheNextOne() throws Exception {
    put("one");
    put("two");
    assertThat(queue.take(SOON)).isEqualTo("one");
    takerDidNotRelease();

    assertThat(queue.peek()).isEqualTo("two");
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.take(SOON)).isEqualTo("two");
    assertThat(queue.poll()).isNull();
    assertThat(queue.size()).isZero();
  }

  @Test
  void takeDelivery_behindATakerThatHasNotReleasedItsRecord_getsItOnce() throws Exception {
    put("one");
    Delivered<String> first = queue.takeDelivery(SOON);
    assertThat(first).isNotNull();
    takerDidNotRelease();
    queue.giveBack(first.number());

    Delivered<String> second = queue.takeDelivery(SOON);
    assertThat(second).isEqualTo(new Delivered<>("one", first.number(), 2));
    assertThat(queue.takeDelivery(MILLISECONDS.toNanos(300))).isNull();
    queue.acknowledge(second.number());
    assertThat(queue.take(MILLISECONDS.toNanos(300))).isNull();
  }
}
