package dev.procession.internal.pool;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.RunningTask;
import dev.procession.WorkerStats;
import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.launch.ChunkLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of items between two workers, at moments that real ones hardly ever show. */
class SchedulerTest {
  private static final int ITEMS = 8;

  /** A worker that does what a test says it has done. */
  private static final class FakeWorker implements Worker {
    private final List<Chunk> chunks = new CopyOnWriteArrayList<>();

    /** Items of its first chunk that it has begun when somebody looks. */
    private int begun;

    /** Those that it has begun when something is taken back. */
    private int begunMeanwhile;

    private boolean refuses;

    @Override
    public boolean give(Chunk chunk) {
      return !refuses && chunks.add(chunk);
    }

    @Override
    public void deliver() {}

    @Override
    public int takeBack(Chunk chunk, int limit) {
      return Math.max(limit, begunMeanwhile);
    }

    @Override
    public int begun(Chunk chunk) {
      return chunks.indexOf(chunk) == 0 ? begun : 0;
    }

    @Override
    public void forget(Job job) {}

    @Override
    public void allowSpinning(boolean allowed) {}

    @Override
    public void finish() {}

    @Override
    public @Nullable Running running(Chunk chunk) {
      return null;
    }

    @Override
    public void interrupt(Chunk chunk, int item) {}

    @Override
    public void trace(Consumer<String> answer) {}

    @Override
    public void kill() {}

    @Override
    public void killWithDescendants() {}

    @Override
    public long residentMemory() {
      return -1;
    }

    @Override
    public boolean isGone() {
      return false;
    }

    @Override
    public WorkerStats stats(@Nullable RunningTask current) {
      throw new UnsupportedOperationException();
    }

    Chunk first() {
      return chunks.getFirst();
    }

    /** The items, as numbers in their work, of the chunks from a number on. */
    List<Integer> items(int fromChunk) {
      return chunks.stream()
          .skip(fromChunk)
          .flatMap(chunk -> chunk.pieces().stream())
          .flatMap(piece -> IntStream.range(0, piece.count()).mapToObj(piece::index))
          .toList();
    }
  }

  /** Outcomes, by item; a second one of an item is an error. */
  private static final class Outcomes implements Work {
    private final Map<Integer, Object> all = new TreeMap<>();

    @Override
    public String describe(int index) {
      return "item " + index;
    }

    @Override
    public void ended(int index, Outcome outcome) {
      Throwable failure = outcome.failure();
      Object told = failure == null ? outcome.value() : failure.getMessage();
      assertThat(all.put(index, String.valueOf(told))).isNull();
    }

    @Override
    public void show() {}

    @Override
    public boolean isDropped() {
      return false;
    }
  }

  private final FakeWorker one = new FakeWorker();
  private final FakeWorker other = new FakeWorker();
  private final Outcomes outcomes = new Outcomes();
  private Scheduler scheduler;

  /** One worker has all items; what it has not begun is about to be shared out. */
  @BeforeEach
  void submit() {
    List<FakeWorker> recruits = new ArrayList<>(List.of(one, other));
    scheduler =
        new Scheduler(
            PoolSpec.defaults().withWorkers(2),
            events -> recruits.isEmpty() ? new FakeWorker() : recruits.removeFirst(),
            () -> null);
    scheduler.recruit();
    scheduler.ready(one);
    Encoder encoder = new Encoder(ClassTable.common());
    IntStream.range(0, ITEMS).forEach(encoder::add);
    Job job = new Job(ChunkLayout.APPLY, null, true, TaskSpec.defaults(), outcome -> {});
    scheduler.submit(Piece.of(outcomes, job, new FrameParcel(encoder.take()), 0));
    one.begun = 2;
    one.begunMeanwhile = 6; // of the six that wait, the later three are wanted: from 5 on
    other.begun = 2; // it begins at once what it is given
    other.begunMeanwhile = 2;
    scheduler.ready(other);
  }

  private void succeed(int items) {
    Chunk chunk = one.first();
    for (int item = 0; item < items; item++) {
      chunk.take(new Outcome(chunk.number(), item, "done", null, null));
    }
  }

  @Test
  void takeBack_oneMoreBegunMeanwhile_takesOnlyWhatIsSurelyNot() {
    assertThat(other.items(0)).containsExactly(6, 7);
    assertThat(one.first().end()).isEqualTo(6);
  }

  @Test
  void ended_theItemBetweenWasNotRun_isGivenAgainOnce() {
    succeed(5);
    scheduler.ended(one, one.first(), 5, 1);

    List<Integer> givenAgain = new ArrayList<>(one.items(1));
    givenAgain.addAll(other.items(1));
    assertThat(givenAgain).containsExactly(5);
  }

  @Test
  void ended_theItemBetweenWasRun_isNotGivenAgain() {
    succeed(6);
    scheduler.ended(one, one.first(), 6, 1);

    assertThat(one.items(1)).isEmpty();
    assertThat(other.items(0)).containsExactly(6, 7);
    assertThat(outcomes.all).hasSize(6);
  }

  @Test
  void gone_inAnItem_onlyThatFails() {
    one.begun = 4;
    succeed(3);
    scheduler.gone(one, null, (task, ranFor) -> new IllegalStateException(task));

    assertThat(outcomes.all)
        .containsExactlyEntriesOf(
            new TreeMap<>(Map.of(0, "done", 1, "done", 2, "done", 3, "item 3")));
    assertThat(other.items(0)).containsExactly(6, 7, 4, 5);
  }

  @Test
  void gone_afterTheLastOutcomeWasTold_nothingFailsOrRunsAgain() {
    one.begun = 6;
    succeed(6);
    scheduler.gone(one, null, (task, ranFor) -> new IllegalStateException(task));

    assertThat(outcomes.all).hasSize(6).containsValue("done").doesNotContainValue("item 5");
    assertThat(other.items(0)).containsExactly(6, 7);
  }

  @Test
  void submit_allWorkersRefuse_staysInTheQueueUntilOneTakesIt() {
    scheduler.ended(one, one.first(), 6, 6);
    scheduler.ended(other, other.first(), 2, 2);
    one.refuses = true;
    other.refuses = true;
    Encoder encoder = new Encoder(ClassTable.common());
    encoder.add(0);
    Job job = new Job(ChunkLayout.APPLY, null, true, TaskSpec.defaults(), outcome -> {});
    scheduler.submit(Piece.of(outcomes, job, new FrameParcel(encoder.take()), ITEMS));
    one.refuses = false;
    scheduler.gone(other, null, (task, ranFor) -> new IllegalStateException(task));

    assertThat(one.items(1)).containsExactly(ITEMS);
  }

  @Test
  void submit_workerDoesNotBeginACheapItem_anotherHasItAfterAWhile() {
    scheduler.ended(one, one.first(), 6, 6);
    scheduler.ended(other, other.first(), 2, 2);
    one.begunMeanwhile = 0;
    Job cheap = new Job(ChunkLayout.APPLY, null, true, TaskSpec.defaults(), outcome -> {});
    cheap.learn(1, 1);
    Encoder encoder = new Encoder(ClassTable.common());
    encoder.add(0);
    scheduler.submit(Piece.of(outcomes, cheap, new FrameParcel(encoder.take()), ITEMS));

    assertThat(one.items(1)).containsExactly(ITEMS);
    long deadline = System.nanoTime() + SECONDS.toNanos(10);
    while (other.items(1).isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(other.items(1)).containsExactly(ITEMS);
  }
}
