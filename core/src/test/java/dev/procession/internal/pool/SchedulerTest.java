package dev.procession.internal.pool;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.Execution;
import dev.procession.ProcessStartException;
import dev.procession.RunningTask;
import dev.procession.WorkerMemory;
import dev.procession.WorkerStats;
import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.launch.ChunkLayout;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of items between two workers, at moments that real ones hardly ever show. */
class SchedulerTest {
  private static final int ITEMS = 8;

  /** By which the first of them is found that runs something. */
  private static final long KEY = 7;

  /** A worker that does what a test says it has done. */
  private static final class FakeWorker implements Worker {
    private final List<Chunk> chunks = new CopyOnWriteArrayList<>();

    /** Items of its first chunk that it has begun when somebody looks. */
    private int begun;

    /** Those that it has begun when something is taken back. */
    private int begunMeanwhile;

    private boolean refuses;
    private volatile boolean gone;
    private volatile boolean killed;
    private volatile long memory = -1;

    /** How often somebody has looked at its memory, under the lock. */
    private final AtomicInteger looks = new AtomicInteger();

    /** What it runs of its first chunk. */
    private volatile @Nullable Running running;

    private volatile @Nullable Consumer<String> traceAnswer;

    @Override
    public Object key() {
      return KEY;
    }

    @Override
    public boolean give(Chunk chunk) {
      return !refuses && chunks.add(chunk);
    }

    @Override
    public void deliver() {}

    @Override
    public int takeBack(Chunk chunk, int limit) {
      return chunks.indexOf(chunk) == 0 ? Math.max(limit, begunMeanwhile) : limit;
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
      return chunks.indexOf(chunk) == 0 ? running : null;
    }

    @Override
    public void interrupt(Chunk chunk, int item) {}

    @Override
    public void trace(Consumer<String> answer) {
      traceAnswer = answer;
    }

    @Override
    public void kill() {
      killed = true;
    }

    @Override
    public void killWithDescendants() {
      killed = true;
    }

    @Override
    public long residentMemory() {
      looks.incrementAndGet();
      return memory;
    }

    @Override
    public boolean isGone() {
      return gone;
    }

    @Override
    public WorkerStats stats(@Nullable RunningTask current) {
      return new WorkerStats(
          "fake",
          1,
          !gone,
          0,
          Duration.ZERO,
          Duration.ZERO,
          Optional.ofNullable(current),
          WorkerMemory.unknown());
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
    private boolean unwanted;

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
      return unwanted;
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
            PoolSpec.defaults().withWorkers(2, 2),
            (events, heap) -> recruits.isEmpty() ? new FakeWorker() : recruits.removeFirst(),
            () -> null);
    scheduler.recruit();
    scheduler.ready(one);
    Encoder encoder = new Encoder(ClassTable.common());
    IntStream.range(0, ITEMS).forEach(encoder::add);
    Job job =
        new Job(ChunkLayout.APPLY, null, true, TaskSpec.defaults(), (work, index, outcome) -> {});
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
    scheduler.gone(one, null, (task, execution, ranFor) -> new IllegalStateException(task));

    assertThat(outcomes.all)
        .containsExactlyEntriesOf(
            new TreeMap<>(Map.of(0, "done", 1, "done", 2, "done", 3, "item 3")));
    assertThat(other.items(0)).containsExactly(6, 7, 4, 5);
  }

  @Test
  void gone_afterTheLastOutcomeWasTold_nothingFailsOrRunsAgain() {
    one.begun = 6;
    succeed(6);
    scheduler.gone(one, null, (task, execution, ranFor) -> new IllegalStateException(task));

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
    Job job =
        new Job(ChunkLayout.APPLY, null, true, TaskSpec.defaults(), (work, index, outcome) -> {});
    scheduler.submit(Piece.of(outcomes, job, new FrameParcel(encoder.take()), ITEMS));
    one.refuses = false;
    scheduler.gone(other, null, (task, execution, ranFor) -> new IllegalStateException(task));

    assertThat(one.items(1)).containsExactly(ITEMS);
  }

  @Test
  void submit_workerDoesNotBeginACheapItem_anotherHasItAfterAWhile() {
    scheduler.ended(one, one.first(), 6, 6);
    scheduler.ended(other, other.first(), 2, 2);
    one.begunMeanwhile = 0;
    Job cheap =
        new Job(ChunkLayout.APPLY, null, true, TaskSpec.defaults(), (work, index, outcome) -> {});
    cheap.learn(1, 1);
    Encoder encoder = new Encoder(ClassTable.common());
    encoder.add(0);
    scheduler.submit(Piece.of(outcomes, cheap, new FrameParcel(encoder.take()), ITEMS));

    assertThat(one.items(1)).containsExactly(ITEMS);
    await(() -> !other.items(1).isEmpty());
    assertThat(other.items(1)).containsExactly(ITEMS);
  }

  // what does not depend on who has what

  private final List<FakeWorker> recruits = new CopyOnWriteArrayList<>();

  /** Those that would look at their workers for ever. */
  private final List<Scheduler> open = new ArrayList<>();

  @AfterEach
  void terminate() {
    open.forEach(Scheduler::terminate);
  }

  private Scheduler manned(int workers) {
    Scheduler made =
        new Scheduler(
            PoolSpec.defaults().withWorkers(workers, workers),
            (events, heap) -> hire(),
            () -> null);
    made.recruit();
    return made;
  }

  private FakeWorker hire() {
    FakeWorker hired = new FakeWorker();
    recruits.add(hired);
    return hired;
  }

  /** Hires, but for some starts, counted from 1. */
  private Scheduler.Recruiter failing(IntPredicate starts, Runnable failure) {
    AtomicInteger tried = new AtomicInteger();
    return (events, heap) -> {
      if (starts.test(tried.incrementAndGet())) {
        failure.run();
      }
      return hire();
    };
  }

  private static Job job(TaskSpec tasks) {
    return new Job(ChunkLayout.APPLY, null, true, tasks, (work, index, outcome) -> {});
  }

  private Piece item(Job job, int index) {
    Encoder encoder = new Encoder(ClassTable.common());
    encoder.add(index);
    return Piece.of(outcomes, job, new FrameParcel(encoder.take()), index);
  }

  private static Throwable dead(String task, Execution execution, @Nullable Duration ranFor) {
    return new IllegalStateException(task);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + SECONDS.toNanos(10);
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void gone_theLastAndNoOtherCanBeStarted_failsWhatIsQueued() {
    Scheduler lonely =
        new Scheduler(
            PoolSpec.defaults().withWorkers(1, 1),
            failing(
                start -> start > 1,
                () -> {
                  throw new ProcessStartException("no memory", null);
                }),
            () -> null);
    lonely.recruit();
    lonely.ready(recruits.getFirst());
    Job job = job(TaskSpec.defaults());
    lonely.submit(item(job, 10));
    recruits.getFirst().begun = 1;
    lonely.submit(item(job, 11));
    lonely.gone(recruits.getFirst(), null, SchedulerTest::dead);

    await(() -> !lonely.isOpen());
    assertThat(outcomes.all).containsEntry(10, "item 10").containsKey(11);
    assertThat(lonely.isOpen()).isFalse();
  }

  @Test
  void gone_startFailsOnce_isTriedAgain() {
    Scheduler lucky =
        new Scheduler(
            PoolSpec.defaults().withWorkers(1, 1),
            failing(
                start -> start == 2,
                () -> {
                  throw new ProcessStartException("no memory just now", null);
                }),
            () -> null);
    lucky.recruit();
    lucky.ready(recruits.getFirst());
    lucky.submit(item(job(TaskSpec.defaults()), 10));
    lucky.gone(recruits.getFirst(), null, SchedulerTest::dead);
    await(() -> recruits.size() == 2);
    lucky.ready(recruits.getLast());

    assertThat(recruits.getLast().items(0)).containsExactly(10);
  }

  @Test
  void ready_ofAWorkerThatIsGone_doesNotKeepWorkFromOthers() {
    Scheduler hasty = manned(2);
    FakeWorker dead = recruits.getFirst();
    dead.gone = true;
    dead.refuses = true;
    hasty.gone(dead, null, SchedulerTest::dead);
    hasty.ready(dead);
    hasty.ready(recruits.get(1));
    hasty.submit(item(job(TaskSpec.defaults()), 10));

    assertThat(recruits.get(1).items(0)).containsExactly(10);
  }

  @Test
  void gone_oneAfterTheOtherInItems_whatFollowedIsNotSuspected() {
    Scheduler unlucky = manned(4);
    Job job = job(TaskSpec.defaults());
    for (int i = 0; i < 4; i++) {
      unlucky.ready(recruits.get(i));
      unlucky.submit(item(job, 10 + i));
      recruits.get(i).begun = 1;
    }
    unlucky.submit(item(job, 20));
    for (int i = 0; i < 4; i++) {
      unlucky.gone(recruits.get(i), null, SchedulerTest::dead);
    }
    await(() -> recruits.size() == 8);
    unlucky.ready(recruits.getLast());

    assertThat(outcomes.all).containsOnlyKeys(10, 11, 12, 13);
    assertThat(recruits.getLast().items(0)).containsExactly(20);
  }

  @Test
  void gone_threeBeforeAnyBeganAnItem_itFailsAndSaysSo() {
    Scheduler poisoned = manned(3);
    poisoned.ready(recruits.getFirst());
    poisoned.submit(item(job(TaskSpec.defaults()), 10));
    for (int i = 0; i < 3; i++) {
      assertThat(outcomes.all).isEmpty();
      poisoned.gone(
          recruits.get(i),
          null,
          (task, how, ranFor) -> new IllegalStateException(task + ": " + how));
      if (i < 2) {
        poisoned.ready(recruits.get(i + 1));
      }
    }

    assertThat(outcomes.all).containsEntry(10, "item 10: NOT_STARTED");
  }

  @Test
  void gone_withTheLastItemWhileClosing_isRunAgainFirst() {
    Scheduler closing = manned(1);
    closing.ready(recruits.getFirst());
    closing.submit(item(job(TaskSpec.defaults().withRetry(2, failure -> true)), 10));
    recruits.getFirst().begun = 1;
    closing.close();
    closing.gone(recruits.getFirst(), null, SchedulerTest::dead);
    await(() -> recruits.size() == 2);
    FakeWorker second = recruits.getLast();
    closing.ready(second);

    await(() -> !second.chunks.isEmpty());
    assertThat(second.items(0)).containsExactly(10);
    assertThat(outcomes.all).isEmpty();
  }

  @Test
  void ready_whileClosingWithNothingThatIsWanted_isTheEnd() throws Exception {
    Scheduler closing = manned(1);
    FakeWorker first = recruits.getFirst();
    closing.ready(first);
    first.refuses = true;
    closing.submit(item(job(TaskSpec.defaults()), 10));
    outcomes.unwanted = true;
    closing.close();
    closing.gone(first, null, SchedulerTest::dead);
    await(() -> recruits.size() == 2);
    closing.ready(recruits.getLast());

    closing.awaitFinishing();
    assertThat(outcomes.all).containsEntry(10, "task was cancelled");
  }

  @Test
  void ended_afterItsWorkerIsGone_runsNothingTwice() {
    one.begun = 5;
    succeed(4);
    scheduler.gone(one, null, SchedulerTest::dead);
    scheduler.ended(one, one.first(), 4, 1);
    scheduler.ended(other, other.first(), 2, 1); // has room for what is queued

    assertThat(outcomes.all).containsOnlyKeys(0, 1, 2, 3, 4).containsEntry(4, "item 4");
    assertThat(other.items(0)).containsExactly(6, 7, 5);
  }

  /** A worker whose first item has run for too long, with one behind it. */
  private FakeWorker late() {
    Scheduler strict = manned(1);
    FakeWorker worker = recruits.getFirst();
    strict.ready(worker);
    Job job = job(TaskSpec.defaults().withKillAfter(Duration.ofMillis(1)));
    worker.running = new Worker.Running(0, SECONDS.toNanos(1), 0, 0, -1);
    worker.begun = 1;
    worker.begunMeanwhile = 1;
    strict.submit(item(job, 10));
    strict.submit(item(job, 11));
    assertThat(worker.items(0)).containsExactly(10, 11);
    await(() -> worker.traceAnswer != null);
    return worker;
  }

  @Test
  void hardTimeout_whatFollows_isTakenBackBeforeTheWorkerIsEnded() {
    FakeWorker worker = late();

    assertThat(worker.chunks.get(1).end()).isZero();
    assertThat(worker.killed).isFalse();
    worker.traceAnswer.accept("trace");
    assertThat(worker.killed).isTrue();
  }

  @Test
  void hardTimeout_theItemHasEndedMeanwhile_theWorkerLivesAndGetsMore() {
    FakeWorker worker = late();
    worker.running = null;
    worker.traceAnswer.accept("trace");

    assertThat(worker.killed).isFalse();
    assertThat(worker.items(0)).containsExactly(10, 11); // a chunk that has ended is its own
  }

  @Test
  void submit_whenOneStoodInAndIsNotKnownToBeFree_isLeftToAsManyAsMayWork() {
    Scheduler small = manned(1);
    open.add(small);
    FakeWorker parent = recruits.getFirst();
    small.ready(parent);
    Job job = job(TaskSpec.defaults());
    small.submit(item(job, 10));
    parent.begun = 1;
    boolean _ =
        Submitter.inProcess(
            KEY,
            () -> {
              small.submit(item(job, 11));
              return true;
            });
    await(() -> recruits.size() == 2);
    FakeWorker standIn = recruits.getLast();
    small.ready(standIn);
    assertThat(standIn.items(0)).containsExactly(11);
    standIn.begun = 1;
    Chunk chunk = standIn.first();
    chunk.take(new Outcome(chunk.number(), 0, "done", null, null)); // so the parent goes on

    small.submit(item(job, 12));
    assertThat(parent.items(1)).isEmpty();
    assertThat(standIn.items(1)).isEmpty();

    small.ended(standIn, chunk, 1, 1);
    assertThat(parent.items(1)).containsExactly(12);
    assertThat(standIn.items(1)).isEmpty();
  }

  @Test
  void resize_downAndUpWhileAllAreBusy_anotherComes() {
    Scheduler resized = manned(2);
    open.add(resized);
    resized.ready(recruits.getFirst());
    resized.ready(recruits.getLast());
    resized.submit(item(job(TaskSpec.defaults()), 10));
    resized.submit(item(job(TaskSpec.defaults()), 11));
    recruits.forEach(worker -> worker.begun = 1);
    resized.resize(1, 1);
    assertThat(recruits).hasSize(2);
    resized.resize(2, 2);

    await(() -> recruits.size() == 3);
  }

  @Test
  void recruit_isReadyBeforeItHasReturned_isKnown() {
    List<Integer> known = new ArrayList<>();
    List<Scheduler> hasty = new ArrayList<>();
    hasty.add(
        new Scheduler(
            PoolSpec.defaults().withWorkers(1, 1),
            (events, heap) -> {
              FakeWorker worker = hire();
              events.ready(worker);
              known.add(hasty.getFirst().stats().workers().size());
              return worker;
            },
            () -> null));
    open.add(hasty.getFirst());
    hasty.getFirst().recruit();

    assertThat(known).containsExactly(1);
    assertThat(hasty.getFirst().stats().workers()).hasSize(1);
  }

  @Test
  void recruit_noThreadCanBeStarted_isTriedAgain() {
    Scheduler lucky =
        new Scheduler(
            PoolSpec.defaults().withWorkers(1, 1),
            failing(
                start -> start == 2,
                () -> {
                  throw new OutOfMemoryError("expected: no thread");
                }),
            () -> null);
    open.add(lucky);
    lucky.recruit();
    lucky.ready(recruits.getFirst());
    lucky.gone(recruits.getFirst(), null, SchedulerTest::dead);

    await(() -> recruits.size() == 2);
  }

  @Test
  void recruit_failsWhileOthersAreIdle_isTriedAgainBeforeTheirTimeIsOver() {
    Scheduler growing =
        new Scheduler(
            PoolSpec.defaults().withWorkers(1, 3).withIdleTimeout(Duration.ofHours(1)),
            failing(
                start -> start > 2 && start < 6,
                () -> {
                  throw new ProcessStartException("expected", null);
                }),
            () -> null);
    open.add(growing);
    growing.recruit();
    growing.ready(recruits.getFirst());
    growing.submit(item(job(TaskSpec.defaults()), 10));
    growing.submit(item(job(TaskSpec.defaults()), 11));
    await(() -> recruits.size() == 2);
    growing.ready(recruits.getLast()); // both wait for an hour from now on
    for (FakeWorker worker : recruits) {
      Chunk chunk = worker.first();
      chunk.take(new Outcome(chunk.number(), 0, "done", null, null));
      growing.ended(worker, chunk, 1, 1_000_000);
    }
    for (int i = 0; i < 5; i++) {
      growing.submit(item(job(TaskSpec.defaults()), 12 + i));
    }

    await(() -> recruits.size() == 3);
  }

  @Test
  void gone_oneAfterTheOtherWithNothingToDo_theNextComesLater() {
    long start = System.nanoTime();
    Scheduler lonely =
        new Scheduler(PoolSpec.defaults().withWorkers(1, 1), (events, heap) -> hire(), () -> null);
    open.add(lonely);
    lonely.recruit();
    for (int i = 0; i < 3; i++) {
      int number = i;
      await(() -> recruits.size() == number + 1);
      lonely.ready(recruits.get(i));
      vanish(lonely, recruits.get(i));
    }
    await(() -> recruits.size() == 4);
    assertThat(System.nanoTime() - start).isGreaterThan(Staff.PAUSE_NANOS);

    lonely.ready(recruits.getLast());
    vanish(lonely, recruits.getLast());
    long wanted = System.nanoTime();
    lonely.submit(item(job(TaskSpec.defaults()), 10));
    await(() -> recruits.size() == 5);
    assertThat(System.nanoTime() - wanted).isLessThan(Staff.PAUSE_NANOS);
  }

  @Test
  void gone_severalWithNothingToDoWhileAnotherIsBusy_theNextComesForWork() {
    Scheduler crew =
        new Scheduler(PoolSpec.defaults().withWorkers(1, 2), (events, heap) -> hire(), () -> null);
    open.add(crew);
    crew.recruit();
    crew.resize(2, 2);
    await(() -> recruits.size() == 2);
    crew.ready(recruits.getFirst());
    crew.submit(item(job(TaskSpec.defaults()), 10));
    recruits.getFirst().begun = 1;
    for (int i = 1; i <= 3; i++) {
      int number = i;
      await(() -> recruits.size() == number + 1);
      crew.ready(recruits.get(i));
      vanish(crew, recruits.get(i));
    }
    long wanted = System.nanoTime();
    crew.submit(item(job(TaskSpec.defaults()), 11));
    await(() -> recruits.size() == 5);
    assertThat(System.nanoTime() - wanted).isLessThan(Staff.PAUSE_NANOS / 2);
  }

  private static void vanish(Scheduler of, FakeWorker worker) {
    worker.gone = true;
    of.gone(worker, null, (task, execution, ranFor) -> new IllegalStateException("dead"));
  }

  @Test
  void memoryBudget_noRoomForAnother_comesWhenThereIs() {
    Scheduler growing =
        new Scheduler(
            PoolSpec.defaults().withWorkers(1, 2).withMemoryBudget(150 << 20),
            (events, heap) -> hire(),
            () -> null);
    open.add(growing);
    growing.recruit();
    FakeWorker first = recruits.getFirst();
    first.memory = 80 << 20; // another would have as much
    growing.ready(first);
    growing.submit(item(job(TaskSpec.defaults()), 10));
    growing.submit(item(job(TaskSpec.defaults()), 11));
    await(() -> first.looks.get() > 0);
    assertThat(recruits).hasSize(1);

    first.memory = 70 << 20;
    await(() -> recruits.size() == 2);
    growing.ready(recruits.getLast());
    assertThat(recruits.getLast().items(0)).containsExactly(11);
  }

  @Test
  void memoryBudget_lessThanOneNeeds_thatOneComes() {
    Scheduler lonely =
        new Scheduler(
            PoolSpec.defaults().withWorkers(4, 4).withMemoryBudget(1).withHeap(1 << 30),
            (events, heap) -> hire(),
            () -> null);
    open.add(lonely);
    lonely.recruit();

    assertThat(recruits).hasSize(1);
  }

  @Test
  void workers_byDefault_areNotMoreThanThereIsMemoryFor() {
    int processors = Runtime.getRuntime().availableProcessors();
    PoolSpec chosen = PoolSpec.defaults().withHeap(1L << 30);
    assertThat(PoolSpec.defaults().withRoomIn(-1).workers()).isEqualTo(processors);
    assertThat(PoolSpec.defaults().withRoomIn(Long.MAX_VALUE).workers()).isEqualTo(processors);
    assertThat(chosen.withRoomIn(1L << 30).workers()).isEqualTo(1);
    assertThat(chosen.withWorkers(7, 7).withRoomIn(1L << 30).workers()).isEqualTo(7);
  }

  @Test
  void initializer_fails_whatWorkersHaveNotBegunSaysSo() {
    Queue<Initialization> first = new ArrayDeque<>();
    Scheduler broken =
        new Scheduler(PoolSpec.defaults().withWorkers(2, 2), (events, heap) -> hire(), first::poll);
    broken.recruit();
    broken.ready(recruits.getFirst());
    broken.submit(item(job(TaskSpec.defaults()), 10));
    broken.submit(item(job(TaskSpec.defaults()), 11));
    Encoder encoder = new Encoder(ClassTable.common());
    encoder.add("");
    first.add(new Initialization(job(TaskSpec.defaults()), new FrameParcel(encoder.take())));
    FakeWorker second = recruits.get(1);
    broken.ready(second);
    second.first().take(new Outcome(0, 0, null, new IllegalStateException("no model"), null));
    broken.ended(second, second.first(), 1, 1);
    await(() -> recruits.getFirst().killed);
    recruits.getFirst().begun = 1;
    broken.gone(recruits.getFirst(), null, SchedulerTest::dead);

    assertThat(outcomes.all).containsEntry(10, "item 10");
    assertThat(outcomes.all.get(11)).asString().contains("initializer failed").contains("no model");
  }

  @Test
  void feed_refused_freesWhatItHasPackedAndCountsNothing() {
    List<Integer> discarded = new ArrayList<>();
    Packer packer =
        new Packer() {
          @Override
          public void add(Object value) {}

          @Override
          public int bytes() {
            return 0;
          }

          @Override
          public Parcel take() {
            return new Parcel() {
              @Override
              public int count() {
                return 2;
              }

              @Override
              public int bytes(int from, int to) {
                return 0;
              }

              @Override
              public void discard(int index) {
                discarded.add(index);
              }
            };
          }
        };
    Arrivals arrivals = new Arrivals("imap");
    Job known = job(TaskSpec.defaults());
    known.learn(1, 1);
    scheduler.terminate();
    Feed feed =
        new PieceFeed(
            scheduler, packer, known, arrivals, arrivals::submit, List.of(1, 2).iterator(), -1, 1);

    assertThatThrownBy(() -> feed.submitPiece(10)).isInstanceOf(RejectedExecutionException.class);
    assertThat(discarded).containsExactly(0, 1);
    assertThat(arrivals.untaken()).isZero();
  }
}
