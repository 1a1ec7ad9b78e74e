package dev.procession;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.function.SerializableCallable;
import dev.procession.testing.Gate;
import dev.procession.testing.PoolKind;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the suites of other pools look at: the end of a pool while something else goes on, callbacks
 * that use it, futures that many wait for, and pools that nobody has any more. The cases are those
 * of CPython's {@code concurrent.futures} and {@code multiprocessing.Pool} and of loky; those in
 * which processes crash are in {@link PoolCrashSuitesTest}.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(PoolKind.class)
@Timeout(60)
class PoolSuitesTest {
  @Parameter PoolKind kind;

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  /** How often something is tried that is over in no time with threads. */
  private int rounds(int ofThreads, int ofProcesses) {
    return kind == PoolKind.PROCESSES ? ofProcesses : ofThreads;
  }

  /** Code of a thread of the test. */
  private interface Body {
    void run() throws Exception;
  }

  /** Runs code in threads at the same time; each has to end, without a failure. */
  private static void together(List<Body> bodies) throws Exception {
    List<CompletableFuture<?>> ends = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(bodies.size());
    for (Body body : bodies) {
      CompletableFuture<Boolean> end = new CompletableFuture<>();
      ends.add(end);
      Thread _ =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      start.countDown();
                      start.await();
                      body.run();
                      end.complete(true);
                    } catch (Throwable e) {
                      end.completeExceptionally(e);
                    }
                  });
    }
    for (CompletableFuture<?> end : ends) {
      assertThat(get(end)).isEqualTo(true);
    }
  }

  // the end of a pool while something else goes on

  @Test
  void close_fromManyThreads_allReturnWhenAllIsDone() throws Exception {
    for (int round = 0; round < rounds(100, 3); round++) {
      Pool pool = kind.open(2);
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        futures.add(pool.submit(() -> number));
      }
      Body closing =
          () -> {
            pool.close();
            assertThat(futures).allMatch(Future::isDone);
            assertThat(pool.isTerminated()).isTrue();
          };
      together(Collections.nCopies(8, closing));
      assertThat(futures.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(190);
    }
  }

  @Test
  void terminate_whileOthersClose_allReturn() throws Exception {
    for (int round = 0; round < rounds(100, 3); round++) {
      Pool pool = kind.open(2);
      CompletableFuture<?> endless = pool.submit(ChildProcessTest::sleepForEver);
      together(List.of(pool::close, pool::terminate, pool::close, pool::shutdownNow));
      assertThatThrownBy(() -> get(endless)).isInstanceOf(CancellationException.class);
      assertThat(pool.isTerminated()).isTrue();
    }
  }

  /** Submits until the pool refuses. */
  private static void submitUntilRefused(Pool pool, List<Future<Integer>> taken)
      throws InterruptedException {
    try {
      for (int i = 0; i < 100_000; i++) {
        taken.add(pool.submit(() -> 7));
        if (taken.size() > 100) {
          Thread.sleep(Duration.ofNanos(100_000)); // closing is not to take for ever
        }
      }
    } catch (RejectedExecutionException e) {
      return;
    }
    throw new AssertionError("was never refused");
  }

  @Test
  void submit_whileAnotherThreadCloses_whatWasTakenIsDone() throws Exception {
    for (int round = 0; round < rounds(100, 3); round++) {
      Pool pool = kind.open(2);
      List<Future<Integer>> taken = Collections.synchronizedList(new ArrayList<>());
      Body submitting = () -> submitUntilRefused(pool, taken);
      together(
          List.of(
              submitting,
              submitting,
              () -> {
                ChildProcessTest.await(() -> taken.size() > 20);
                pool.close();
              }));
      assertThat(taken).allMatch(future -> future.resultNow() == 7);
    }
  }

  @Test
  void submit_whileAnotherThreadTerminates_everyFutureEnds() throws Exception {
    for (int round = 0; round < rounds(100, 3); round++) {
      Pool pool = kind.open(2);
      List<Future<Integer>> taken = Collections.synchronizedList(new ArrayList<>());
      together(
          List.of(
              () -> submitUntilRefused(pool, taken),
              () ->
                  assertThatThrownBy(
                          () -> {
                            while (true) {
                              assertThat(pool.map(n -> n, List.of(1, 2, 3))).hasSize(3);
                            }
                          })
                      .isInstanceOfAny(
                          RejectedExecutionException.class, CancellationException.class),
              () -> {
                ChildProcessTest.await(() -> taken.size() > 20);
                pool.terminate();
              }));
      for (Future<Integer> future : taken) {
        try {
          assertThat(get(future)).isEqualTo(7);
        } catch (CancellationException e) {
          assertThat(future.isCancelled()).isTrue();
        }
      }
    }
  }

  @Test
  void cancel_ofAllThatIsQueuedWhileClosing_thePoolEnds(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    Pool pool = kind.open(1);
    CompletableFuture<?> running = pool.submit(() -> Gate.await(gate));
    List<CompletableFuture<?>> queued = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String mark = folder.resolve("ran-" + i).toString();
      queued.add(pool.submit(() -> Files.createFile(Path.of(mark)).toString()));
    }
    pool.shutdown();
    for (CompletableFuture<?> one : queued) {
      assertThat(one.cancel(false)).isTrue();
    }
    Files.createFile(Path.of(gate));
    assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
    pool.close();

    assertThat(running).isCompleted();
    assertThat(folder.toFile().list()).containsExactly("gate");
  }

  @Test
  void cancel_ofWhatRunsWhileClosing_whatIsBehindRuns(@TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    Pool pool = kind.open(1);
    CompletableFuture<?> running =
        pool.submit(
            () -> {
              Files.createFile(Path.of(begun));
              ChildProcessTest.sleepForEver();
            });
    List<CompletableFuture<Integer>> behind = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      behind.add(pool.submit(() -> number));
    }
    Gate.await(begun);
    pool.shutdown();
    assertThat(running.cancel(true)).isTrue();
    pool.close();

    assertThat(behind.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(10);
  }

  @Test
  void cancel_ofWhatIgnoresInterruptsWhileClosing_whatIsBehindRunsElsewhere(@TempDir Path folder)
      throws Exception {
    String begun = folder.resolve("begun").toString();
    String end = folder.resolve("end").toString();
    Pool pool =
        kind.open(o -> o.withWorkers(1).withTasks(t -> t.withCancelGrace(Duration.ofMillis(20))));
    CompletableFuture<?> running =
        pool.submit(
            () -> {
              Files.createFile(Path.of(begun));
              while (!Files.exists(Path.of(end))) {
                Thread.onSpinWait();
              }
            });
    CompletableFuture<Integer> behind = pool.submit(() -> 7);
    Gate.await(begun);
    pool.shutdown();
    assertThat(running.cancel(true)).isTrue();
    assertThat(get(behind)).isEqualTo(7);
    pool.close();
    Files.createFile(Path.of(end));
  }

  @Test
  void shutdown_whileWorkersAreReplacedForEachTask_allRun() throws Exception {
    Pool pool = kind.open(o -> o.withWorkers(2).withMaxTasksPerWorker(1));
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      futures.add(pool.submit(() -> number));
    }
    pool.shutdown();
    assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
    pool.close();

    assertThat(futures.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(15);
  }

  @Test
  void resize_ofAClosedPool_startsNobody() throws Exception {
    Pool pool = kind.open(1);
    assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    pool.close();
    pool.resize(3);

    assertThat(pool.stats().workers()).hasSize(1).noneMatch(WorkerStats::alive);
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void terminate_whileTheInitializerHangs_returns() throws Exception {
    Pool pool = kind.open(o -> o.withWorkers(0, 1).withInitializer(ChildProcessTest::sleepForEver));
    CompletableFuture<Integer> waiting = pool.submit(() -> 1);
    ChildProcessTest.await(() -> !pool.stats().workers().isEmpty());
    pool.terminate();

    assertThat(waiting).isCancelled();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void exitHook_throwsAnErrorInEachWorker_nothingIsLost() throws Exception {
    try (Pool pool =
        kind.open(
            o ->
                o.withWorkers(1)
                    .withMaxTasksPerWorker(1)
                    .withExitHook(
                        () -> {
                          throw new LinkageError("expected: a test fails at the exit");
                        }))) {
      assertThat(pool.map(n -> n, List.of(1, 2, 3))).containsExactly(1, 2, 3);
      assertThat(pool.stats().failed()).isZero();
    }
  }

  @Test
  void exitHook_neverEnds_holdsUpNobody() throws Exception {
    Pool pool =
        kind.open(
            o ->
                o.withWorkers(1)
                    .withMaxTasksPerWorker(1)
                    .withExitHook(ChildProcessTest::sleepForEver));
    assertThat(pool.map(n -> n, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    pool.terminate();

    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void pools_openedAndClosedQuickly_allWork() throws Exception {
    Body several =
        () -> {
          for (int i = 0; i < rounds(100, 2); i++) {
            int number = i;
            try (Pool pool = kind.open(1)) {
              if (i % 2 == 0) {
                assertThat(get(pool.submit(() -> number))).isEqualTo(i);
              }
            }
          }
        };
    together(Collections.nCopies(3, several));
  }

  // callbacks

  @Test
  void close_fromACallback_waitsForTheOthers() throws Exception {
    for (int round = 0; round < rounds(100, 3); round++) {
      Pool pool = kind.open(2);
      List<CompletableFuture<Integer>> others = new ArrayList<>();
      CompletableFuture<?> closed =
          pool.submit(() -> 0).thenRun(pool::shutdown).thenRun(pool::close);
      try {
        while (others.size() < 1_000) {
          others.add(pool.submit(() -> 1));
        }
      } catch (RejectedExecutionException e) {
        assertThat(pool.isShutdown()).isTrue();
      }
      assertThat(get(closed)).isNull();
      assertThat(others).allMatch(one -> one.resultNow() == 1);
    }
  }

  @Test
  void terminate_fromACallback_endsWhatRuns() throws Exception {
    for (int round = 0; round < rounds(100, 3); round++) {
      Pool pool = kind.open(2);
      CompletableFuture<?> endless = pool.submit(ChildProcessTest::sleepForEver);
      CompletableFuture<?> terminated = pool.submit(() -> 1).thenRun(pool::terminate);
      assertThat(get(terminated)).isNull();
      assertThat(endless).isCancelled();
      assertThat(pool.isTerminated()).isTrue();
    }
  }

  @Test
  void close_fromACallbackOfAMap_returns() throws Exception {
    Pool pool = kind.open(2);
    assertThat(get(pool.mapAsync(n -> n, List.of(1, 2)).thenRun(pool::close))).isNull();
    assertThat(pool.isTerminated()).isTrue();
  }

  private static CompletableFuture<Integer> countUp(Pool pool, int from, int to) {
    return from == to
        ? CompletableFuture.completedFuture(from)
        : pool.submit(() -> from + 1).thenCompose(next -> countUp(pool, next, to));
  }

  @Test
  void submit_fromCallbackToCallback_runs() throws Exception {
    try (Pool pool = kind.open(1)) {
      assertThat(get(countUp(pool, 0, 200))).isEqualTo(200);
    }
  }

  @Test
  void submit_fromACallbackWhileClosing_isRefusedAndThePoolEnds(@TempDir Path folder)
      throws Exception {
    String gate = folder.resolve("gate").toString();
    Pool pool = kind.open(1);
    CompletableFuture<Integer> chained =
        pool.submit(() -> Gate.await(gate)).thenCompose(nothing -> pool.submit(() -> 1));
    pool.shutdown();
    Files.createFile(Path.of(gate));
    pool.close();

    assertThatThrownBy(() -> get(chained)).hasCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void resize_fromACallback_isDone() throws Exception {
    try (Pool pool = kind.open(1)) {
      assertThat(get(pool.submit(() -> 1).thenRun(() -> pool.resize(2)))).isNull();
      ChildProcessTest.await(() -> pool.stats().workers().size() == 2);
      assertThat(pool.map(n -> n, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    }
  }

  // futures that somebody waits for

  @Test
  void get_fromManyThreadsForAnyTime_allSeeTheValue() throws Exception {
    try (Pool pool = kind.open(1)) {
      for (int round = 0; round < 200; round++) {
        int number = round;
        CompletableFuture<Integer> future = pool.submit(() -> number);
        Body patient = () -> assertThat(get(future)).isEqualTo(number);
        Body hasty =
            () -> {
              while (true) {
                try {
                  assertThat(future.get(20, MICROSECONDS)).isEqualTo(number);
                  return;
                } catch (TimeoutException e) {
                  Thread.onSpinWait();
                }
              }
            };
        together(List.of(patient, hasty, patient, hasty));
      }
    }
  }

  @Test
  void get_interruptedWhileOthersWait_othersSeeTheValue(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    try (Pool pool = kind.open(1)) {
      CompletableFuture<?> future = pool.submit(() -> Gate.await(gate));
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread first =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      Object _ = future.get();
                      interrupted.complete(false);
                    } catch (InterruptedException e) {
                      interrupted.complete(true);
                    } catch (ExecutionException e) {
                      interrupted.completeExceptionally(e);
                    }
                  });
      ChildProcessTest.await(() -> first.getState() == Thread.State.TIMED_WAITING);
      Thread second = Thread.ofPlatform().daemon().start(future::join);
      ChildProcessTest.await(() -> second.getState() == Thread.State.WAITING);
      first.interrupt();
      assertThat(get(interrupted)).isTrue();
      Files.createFile(Path.of(gate));
      assertThat(second.join(Duration.ofSeconds(30))).isTrue();
      assertThat(get(future)).isNull();
    }
  }

  @Test
  void await_duplicatesOfDoneAndOthersWithoutTime_countsEachOnce(@TempDir Path folder)
      throws Exception {
    String gate = folder.resolve("gate").toString();
    try (Pool pool = kind.open(1)) {
      CompletableFuture<Object> done = pool.submit(() -> 1);
      assertThat(get(done)).isEqualTo(1);
      CompletableFuture<Object> waiting =
          pool.submit(
              () -> {
                Gate.await(gate);
                return 2;
              });
      for (ReturnWhen when : ReturnWhen.values()) {
        for (Duration time : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
          assertThat(Pool.await(List.of(waiting, done, waiting, done), when, time))
              .isEqualTo(new Awaited<>(List.of(done), List.of(waiting)));
        }
      }
      Files.createFile(Path.of(gate));
      Duration longTime = Duration.ofSeconds(30);
      assertThat(Pool.await(List.of(waiting, waiting), ReturnWhen.FIRST_COMPLETED, longTime).done())
          .containsExactly(waiting);
    }
  }

  @Test
  void await_fromManyThreadsForTheSame_allReturn() throws Exception {
    try (Pool pool = kind.open(2)) {
      for (int round = 0; round < 50; round++) {
        List<CompletableFuture<Integer>> futures =
            IntStream.range(0, 20).mapToObj(n -> pool.submit(() -> n)).toList();
        Body waiting =
            () ->
                assertThat(
                        Pool.await(futures, ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(30))
                            .notDone())
                    .isEmpty();
        together(Collections.nCopies(4, waiting));
      }
    }
  }

  @Test
  void asCompleted_doneFailedCancelledAndTwice_givesEachOnceWithoutWaiting() throws Exception {
    try (Pool pool = kind.open(1)) {
      CompletableFuture<Integer> done = pool.submit(() -> 1);
      CompletableFuture<Integer> failed =
          pool.submit(
              () -> {
                throw new IllegalStateException("expected");
              });
      CompletableFuture<Integer> cancelled = new CompletableFuture<>();
      cancelled.cancel(false);
      ChildProcessTest.await(() -> done.isDone() && failed.isDone());
      List<CompletableFuture<Integer>> given = List.of(done, failed, cancelled, done, failed);
      List<CompletableFuture<Integer>> taken = new ArrayList<>();
      try (var results = Pool.asCompleted(given)) {
        while (results.hasNext()) {
          taken.add(results.next(Duration.ZERO));
        }
      }
      assertThat(taken).containsExactly(done, failed, cancelled);
    }
  }

  @Test
  void asCompleted_timeIsOverAgainAndAgain_losesNothing(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    try (Pool pool = kind.open(1)) {
      CompletableFuture<?> future = pool.submit(() -> Gate.await(gate));
      CompletableFuture<Object> late = future.thenApply(nothing -> 1);
      try (var results = Pool.asCompleted(List.of(late, late))) {
        for (Duration time : List.of(Duration.ZERO, Duration.ofMillis(5), Duration.ofNanos(-1))) {
          assertThatThrownBy(() -> results.next(time))
              .isInstanceOf(TimeoutException.class)
              .hasMessageContaining("1 of 1");
        }
        Files.createFile(Path.of(gate));
        assertThat(results.next(Duration.ofSeconds(30))).isSameAs(late);
        assertThat(results.hasNext()).isFalse();
      }
    }
  }

  @Test
  void asCompleted_none_hasNone() {
    try (var results = Pool.asCompleted(List.<CompletableFuture<Integer>>of())) {
      assertThat(results.hasNext()).isFalse();
    }
  }

  @Test
  void asCompleted_closed_leavesNothingOnFuturesThatAreNotDone() throws Exception {
    CompletableFuture<Integer> never = new CompletableFuture<>();
    try (Pool pool = kind.open(1)) {
      CompletableFuture<Integer> done = pool.submit(() -> 1);
      try (var results = Pool.asCompleted(List.of(never, done))) {
        assertThat(results.next(Duration.ofSeconds(30))).isSameAs(done);
        assertThat(never.getNumberOfDependents()).isPositive();
      }
    }
    assertThat(never.getNumberOfDependents()).isZero();
  }

  private static List<CompletableFuture<Integer>> manyFutures() {
    return Stream.generate(CompletableFuture<Integer>::new).limit(100_000).toList();
  }

  @Test
  @Timeout(10) // of which it needs one
  void asCompleted_ofVeryMany_takesNoTimeForEachPair() {
    List<CompletableFuture<Integer>> futures = manyFutures();
    try (var results = Pool.asCompleted(futures)) {
      futures.forEach(future -> future.complete(1));
      assertThat(results.next()).isSameAs(futures.getFirst());
    }
  }

  @Test
  @Timeout(10) // likewise
  void await_ofVeryMany_takesNoTimeForEachPair() throws Exception {
    List<CompletableFuture<Integer>> futures = manyFutures();
    Body completing =
        () -> {
          ChildProcessTest.await(() -> futures.getLast().getNumberOfDependents() > 0);
          futures.forEach(future -> future.complete(1));
        };
    Body waiting =
        () ->
            assertThat(Pool.await(futures, ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(30)).done())
                .hasSameSizeAs(futures);
    together(List.of(completing, waiting));
  }

  private static void collectUntilGone(WeakReference<?> reference) {
    ChildProcessTest.await(
        () -> {
          System.gc();
          return reference.get() == null;
        });
  }

  private static WeakReference<Object> takeOne(Results<CompletableFuture<Object>> results)
      throws Exception {
    return new WeakReference<>(results.next(Duration.ofSeconds(30)));
  }

  @Test
  void asCompleted_whatWasTaken_isReleasedBeforeTheLastIsDone() throws Exception {
    try (Pool pool = kind.open(1)) {
      CompletableFuture<Object> never = new CompletableFuture<>();
      try (var results = Pool.asCompleted(List.of(pool.submit(() -> (Object) 1), never))) {
        collectUntilGone(takeOne(results));
        assertThat(results.hasNext()).isTrue();
      }
    }
  }

  // what a pool is given

  @Test
  void map_itemsCannotBeRead_throwsThatAndNothingIsLost() throws Exception {
    List<Integer> broken =
        new AbstractList<>() {
          @Override
          public Integer get(int index) {
            throw new IllegalStateException("item " + index);
          }

          @Override
          public int size() {
            return 3;
          }
        };
    try (Pool pool = kind.open(1)) {
      assertThatThrownBy(() -> pool.map(n -> n, broken)).hasMessage("item 0");
      assertThatThrownBy(() -> pool.mapAsync(n -> n, broken)).hasMessage("item 0");
      assertThatThrownBy(() -> pool.imap(n -> n, broken).next()).hasMessage("item 0");
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
      assertThat(pool.stats().done()).isEqualTo(1);
    }
  }

  @Test
  void submit_burstBehindATaskThatRuns_allRunInOrder(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    try (Pool pool = kind.open(1)) {
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      CompletableFuture<?> first = pool.submit(() -> Gate.await(gate));
      for (int i = 0; i < 20_000; i++) {
        int number = i;
        futures.add(pool.submit(() -> number));
      }
      Files.createFile(Path.of(gate));
      assertThat(get(first)).isNull();
      for (int i = 0; i < 20_000; i++) {
        assertThat(get(futures.get(i))).isEqualTo(i);
      }
    }
  }

  @Test
  void invokeAll_outOfTime_cancelsWhatIsNotDone(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    try (Pool pool = kind.open(2)) {
      List<SerializableCallable<Integer>> tasks =
          List.of(
              () -> 1,
              () -> {
                Gate.await(gate);
                return 2;
              });
      List<Future<Integer>> ended = pool.invokeAll(tasks, 300, MILLISECONDS);
      Files.createFile(Path.of(gate));
      assertThat(ended).extracting(Future::isDone).containsExactly(true, true);
      assertThat(ended.get(1).isCancelled()).isTrue();
    }
  }

  // what runs

  @Test
  void stats_futureIsDone_isNotRunning() throws Exception {
    try (Pool pool = kind.open(1)) {
      Pool labelled = pool.with(t -> t.withLabel("first"));
      for (int round = 0; round < 1_000; round++) {
        CompletableFuture<Integer> first = labelled.submit(() -> 1);
        CompletableFuture<Integer> second = pool.submit(() -> 2);
        assertThat(get(first)).isEqualTo(1);
        assertThat(pool.stats().workers().getFirst().current().map(RunningTask::label))
            .as("round %d", round)
            .isNotEqualTo(Optional.of("first"));
        assertThat(get(second)).isEqualTo(2);
        assertThat(pool.stats().running()).as("round %d", round).isZero();
      }
    }
  }

  @Test
  void map_itemInterruptsItself_othersAreNotInterrupted() throws Exception {
    try (Pool pool = kind.open(1)) {
      List<Boolean> interrupted =
          pool.map(
              n -> {
                boolean was = Thread.currentThread().isInterrupted();
                if (n % 100 == 0) {
                  Thread.currentThread().interrupt();
                }
                return was;
              },
              IntStream.range(0, 20_000).boxed().toList());
      assertThat(interrupted).hasSize(20_000).doesNotContain(true);
    }
  }

  // pools that nobody has

  /** An object each, unlike a lambda. */
  private static final class Remembered implements Predicate<Throwable> {
    @Override
    public boolean test(Throwable failure) {
      return false;
    }
  }

  /** Uses and closes an elastic pool, which would look at idle workers in a day. */
  private Object useElasticOnce() throws Exception {
    Remembered remembered = new Remembered();
    try (Pool pool =
        kind.open(
            o ->
                o.withWorkers(0, 2)
                    .withIdleTimeout(Duration.ofDays(1))
                    .withTasks(t -> t.withRetry(2, remembered)))) {
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    }
    return remembered;
  }

  @Test
  void idleTimeout_farAway_keepsNothingOfAClosedPool() throws Exception {
    collectUntilGone(new WeakReference<>(useElasticOnce()));
  }

  private CompletableFuture<Integer> useElasticAndForget(Path ended) throws Exception {
    String path = ended.toString();
    Pool pool =
        kind.open(
            o ->
                o.withWorkers(0, 2)
                    .withIdleTimeout(Duration.ofDays(1))
                    .withExitHook(() -> Files.createFile(Path.of(path))));
    return pool.submit(() -> 1);
  }

  @Test
  void idleTimeout_farAway_keepsNoForgottenPool(@TempDir Path folder) throws Exception {
    Path ended = folder.resolve("ended");
    assertThat(get(useElasticAndForget(ended))).isEqualTo(1);
    ChildProcessTest.await(
        () -> {
          System.gc();
          return Files.exists(ended);
        });
  }

  private void openAndForget(Path ended) {
    String path = ended.toString();
    Pool _ = kind.open(o -> o.withWorkers(1).withExitHook(() -> Files.createFile(Path.of(path))));
  }

  @Test
  void forgotten_neverUsed_endsItsWorkers(@TempDir Path folder) {
    Path ended = folder.resolve("ended");
    openAndForget(ended);
    ChildProcessTest.await(
        () -> {
          System.gc();
          return Files.exists(ended);
        });
  }

  private List<CompletableFuture<Integer>> submitToNobodys(int count) {
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      futures.add(kind.open(o -> o.withWorkers(0, 1)).submit(() -> number));
    }
    return futures;
  }

  @Test
  void submit_toAPoolThatIsUnreachableAtOnce_runs() throws Exception {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    Thread collector =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!over.isDone()) {
                    System.gc();
                  }
                });
    try {
      List<CompletableFuture<Integer>> futures = submitToNobodys(rounds(100, 4));
      for (int i = 0; i < futures.size(); i++) {
        assertThat(get(futures.get(i))).isEqualTo(i);
      }
    } finally {
      over.complete(true);
      collector.join();
    }
  }

  @Test
  void map_ofAPoolThatIsUnreachableMeanwhile_isWhole() throws Exception {
    List<Integer> items = IntStream.range(0, 200).boxed().toList();
    CompletableFuture<List<Integer>> later =
        kind.open(1)
            .mapAsync(
                n -> {
                  Thread.sleep(Duration.ofMillis(1));
                  return n;
                },
                items);
    ChildProcessTest.await(
        () -> {
          System.gc();
          return later.isDone();
        });
    assertThat(get(later)).isEqualTo(items);
  }

  // futures that are done when their pool is

  @Test
  void get_ofAFutureWithACallbackThatWaits_returns() throws Exception {
    CountDownLatch after = new CountDownLatch(1);
    try (Pool pool = kind.open(1)) {
      CompletableFuture<Integer> future =
          pool.submit(
              () -> {
                Thread.sleep(200);
                return 1;
              });
      CompletableFuture<Boolean> callback =
          future.thenApply(
              one -> {
                try {
                  return after.await(30, SECONDS);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(get(future)).isEqualTo(1);
      after.countDown();
      assertThat(get(callback)).isTrue();
    }
  }

  @Test
  void awaitTermination_true_futuresAreDone() throws Exception {
    for (int i = 0; i < rounds(300, 3); i++) {
      Pool pool = kind.open(1);
      CompletableFuture<Integer> one = pool.submit(() -> 1);
      CompletableFuture<List<Integer>> all = pool.mapAsync(n -> n, List.of(1, 2));
      pool.shutdown();
      assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
      assertThat(one.isDone() && all.isDone()).as("round %d", i).isTrue();
    }
  }

  @Test
  void isTerminated_true_futuresAreDone() {
    for (int i = 0; i < rounds(300, 3); i++) {
      Pool pool = kind.open(1);
      CompletableFuture<List<Integer>> all = pool.mapAsync(n -> n, List.of(1, 2));
      pool.shutdown();
      while (!pool.isTerminated()) {
        Thread.onSpinWait();
      }
      assertThat(all.isDone()).as("round %d", i).isTrue();
    }
  }

  private static Thread waiterFor(CompletableFuture<?> future) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                boolean _ = future.get() == null;
              } catch (InterruptedException | ExecutionException | RuntimeException e) {
                return; // that it is done is all that counts
              }
            });
  }

  @Test
  void close_whileAThreadWaits_futureIsDone() {
    for (int i = 0; i < rounds(300, 3); i++) {
      Pool pool = kind.open(1);
      CompletableFuture<Integer> future = pool.submit(() -> 1);
      Thread _ = waiterFor(future);
      pool.close();
      assertThat(future.isDone()).as("round %d", i).isTrue();
    }
  }

  @Test
  void terminate_whileAThreadWaits_futureIsDone() {
    for (int i = 0; i < rounds(300, 3); i++) {
      Pool pool = kind.open(1);
      CompletableFuture<?> future = pool.submit(ChildProcessTest::sleepForEver);
      Thread waiter = waiterFor(future);
      while (waiter.getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }
      pool.terminate();
      assertThat(future.isDone()).as("round %d", i).isTrue();
    }
  }

  @Test
  void cancel_ofAQueuedTask_makesRoomForAnother(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    String begun = folder.resolve("begun").toString();
    try (Pool pool = kind.open(o -> o.withWorkers(1).withMaxQueued(1, Duration.ofSeconds(30)))) {
      CompletableFuture<?> first =
          pool.submit(
              () -> {
                Files.createFile(Path.of(begun));
                Gate.await(gate);
              });
      Gate.await(begun);
      List<CompletableFuture<Integer>> waiting = new ArrayList<>();
      while (pool.stats().queued() < 1) {
        waiting.add(pool.submit(() -> 1)); // some of them are with the worker
      }
      assertThat(waiting.getLast().cancel(false)).isTrue();
      assertThat(pool.stats().queued()).isZero();
      CompletableFuture<Integer> another = pool.submit(() -> 2);
      Files.createFile(Path.of(gate));
      get(first);
      assertThat(get(another)).isEqualTo(2);
    }
  }
}
