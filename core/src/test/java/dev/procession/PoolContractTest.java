package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.testing.Gate;
import dev.procession.testing.PoolKind;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every pool, whatever its workers are. */
@ParameterizedClass(name = "{0}")
@EnumSource(PoolKind.class)
@Timeout(60)
class PoolContractTest {
  /** For tests that leave it as it was. */
  private static Pool shared;

  @Parameter PoolKind kind;

  @BeforeParameterizedClassInvocation
  static void open(PoolKind kind) {
    shared = kind.open(2);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    shared.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  @Test
  void map_givesResultsInOrder() throws Exception {
    assertThat(shared.map(n -> n * n, List.of(1, 2, 3, 4, 5))).containsExactly(1, 4, 9, 16, 25);
  }

  @Test
  void map_empty_isEmpty() throws Exception {
    assertThat(shared.map(n -> n, List.of())).isEmpty();
  }

  @Test
  void map_nulls_areValues() throws Exception {
    assertThat(shared.map(x -> x, Arrays.asList(1, null, 3))).containsExactly(1, null, 3);
  }

  @Test
  void map_manyItems_areAllThereOnce() throws Exception {
    List<Integer> items = IntStream.range(0, 50_000).boxed().toList();

    assertThat(shared.map(n -> n + 1, items))
        .isEqualTo(IntStream.rangeClosed(1, 50_000).boxed().toList());
  }

  @Test
  void map_someFail_othersRunAndTheFirstIsThrown(@TempDir Path folder) {
    String ran = folder.resolve("ran").toString();
    Files.exists(folder);
    SerializableFunction<Integer, Integer> picky =
        n -> {
          if (n % 4 == 3) {
            throw new IllegalStateException("item " + n);
          }
          Files.writeString(
              Path.of(ran), "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          return n;
        };

    assertThatThrownBy(() -> shared.map(picky, IntStream.range(0, 16).boxed().toList()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("item 3")
        .hasStackTraceContaining("PoolContractTest")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(3));
    assertThat(folder.resolve("ran")).hasSize(12);
  }

  @Test
  void map_checkedException_isACause() {
    assertThatThrownBy(
            () ->
                shared.map(
                    n -> {
                      throw new IOException("disk " + n);
                    },
                    List.of(1)))
        .isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void map_interrupted_throws() throws Exception {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> shared.map(x -> x, List.of(1, 2, 3)))
        .isInstanceOf(InterruptedException.class);
    assertThat(shared.map(x -> x, List.of(1))).containsExactly(1);
  }

  @Test
  void starmap_spreadsPairs() throws Exception {
    assertThat(
            shared.starmap(
                (Integer a, Integer b) -> a + b, List.of(Map.entry(1, 2), Map.entry(3, 4))))
        .containsExactly(3, 7);
  }

  @Test
  void map_ofAMethodReference_works() throws Exception {
    assertThat(shared.map(String::length, List.of("a", "bbb"))).containsExactly(1, 3);
  }

  @Test
  void imap_overAnEndlessInput_readsAheadBoundedly() {
    int[] read = {0};
    Iterable<Integer> endless = (Iterable<Integer>) Stream.generate(() -> read[0]++)::iterator;
    List<Integer> taken = new ArrayList<>();

    try (var results = shared.imap(n -> n * 2, endless)) {
      for (int result : results) {
        taken.add(result);
        if (taken.size() == 500) {
          break;
        }
      }
    }

    assertThat(taken).isEqualTo(IntStream.range(0, 500).map(n -> n * 2).boxed().toList());
    assertThat(read[0]).isLessThan(500 + 1_000);
  }

  @Test
  void imap_itemFails_comesAtItsPlaceAndGoesOn() {
    SerializableFunction<Integer, Integer> picky =
        n -> {
          if (n == 2) {
            throw new IllegalArgumentException("two");
          }
          return n;
        };
    try (var results = shared.imap(picky, List.of(1, 2, 3))) {
      assertThat(results.next()).isEqualTo(1);
      assertThatThrownBy(results::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("two");
      assertThat(results.next()).isEqualTo(3);
      assertThat(results.hasNext()).isFalse();
    }
  }

  @Test
  void imap_inputThrows_afterTheResultsOfWhatCameBefore() {
    Iterable<Integer> broken =
        (Iterable<Integer>)
            Stream.of(1, 2, 3)
                    .peek(
                        n -> {
                          if (n == 3) {
                            throw new IllegalStateException("input");
                          }
                        })
                ::iterator;
    try (var results = shared.imap(n -> n, broken)) {
      assertThat(results.next()).isEqualTo(1);
      assertThat(results.next()).isEqualTo(2);
      assertThatThrownBy(results::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("input");
    }
  }

  @Test
  void imap_poolIsClosed_isRefusedBehindWhatWasSubmitted() throws Exception {
    var pool = kind.open(1);
    List<Integer> items = IntStream.range(0, 1_000).boxed().toList();
    try (var ordered = pool.imap(n -> n, items);
        var others = pool.imapUnordered(n -> n, items)) {
      assertThat(ordered.next()).isZero();
      pool.close();
      for (var results : List.of(ordered, others)) {
        assertThatThrownBy(
                () -> {
                  while (results.hasNext()) {
                    results.next(Duration.ofSeconds(20));
                  }
                })
            .isInstanceOf(RejectedExecutionException.class);
      }
    }
  }

  @Test
  void imap_closedEarly_hasNoMore() throws Exception {
    var results = shared.imap(n -> n, List.of(1, 2, 3));
    assertThat(results.next()).isEqualTo(1);
    results.close();
    results.close();

    assertThat(results.hasNext()).isFalse();
    assertThat(shared.map(x -> x, List.of(5))).containsExactly(5);
  }

  @Test
  void next_interrupted_losesNothing() {
    try (var results =
        shared.imap(
            n -> {
              Thread.sleep(Duration.ofMillis(100));
              return n;
            },
            List.of(1, 2))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(results::next).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(results.next()).isEqualTo(1);
      assertThat(results.next()).isEqualTo(2);
    }
  }

  @Test
  void submit_everyKindOfTask_works() throws Exception {
    SerializableCallable<Integer> callable = () -> 1;
    Callable<Integer> plain = (Callable<Integer> & Serializable) () -> 2;
    Runnable runnable = (Runnable & Serializable) () -> {};

    assertThat(get(shared.submit(callable))).isEqualTo(1);
    assertThat(get(shared.submit(plain))).isEqualTo(2);
    assertThat(get(shared.submit(runnable))).isNull();
    assertThat(get(shared.submit(runnable, "done"))).isEqualTo("done");
    assertThat(get(shared.submit(() -> Thread.sleep(Duration.ofMillis(1))))).isNull();
    Object nothing = get(shared.submit(() -> null));
    assertThat(nothing).isNull();
  }

  @Test
  void submit_errorsOfAllKinds_comeBackAndTheWorkerLivesOn() throws Exception {
    long before = alive(shared);
    assertThatThrownBy(() -> get(shared.submit(() -> recurse(0))))
        .hasCauseInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() -> get(shared.submit(() -> new long[Integer.MAX_VALUE].length)))
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(
            () ->
                get(
                    shared.submit(
                        () -> {
                          throw new LinkageError("odd");
                        })))
        .hasCauseInstanceOf(LinkageError.class);
    assertThat(alive(shared)).isEqualTo(before);
  }

  /** Of the test, and of each worker. */
  private static final IllegalStateException THROWN = new IllegalStateException("thrown");

  @Test
  void submit_throwsAnObject_threadsGiveThatAndProcessesOneLikeIt() {
    SerializableCallable<Integer> failing =
        () -> {
          throw THROWN;
        };
    assertThatThrownBy(() -> get(shared.submit(failing)))
        .cause()
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("thrown")
        .satisfies(
            e -> {
              if (kind == PoolKind.THREADS) {
                assertThat(e).isSameAs(THROWN);
              } else {
                assertThat(e).isNotSameAs(THROWN).hasStackTraceContaining("PoolContractTest");
              }
            });
  }

  private static int fail(int n) {
    throw new IllegalStateException("item " + n);
  }

  private static List<String> frames(Throwable failure) {
    return Stream.of(failure.getStackTrace()).map(StackTraceElement::toString).toList();
  }

  @Test
  void map_itemFails_framesOfBothSidesAreThereAndApart() throws Exception {
    Throwable failure = catchThrowable(() -> shared.map(PoolContractTest::fail, List.of(1)));
    List<String> frames = frames(failure);
    assertThat(frames.getFirst()).contains("PoolContractTest.fail");
    if (kind == PoolKind.THREADS) {
      assertThat(frames).noneMatch(frame -> frame.contains("above")); // it is the very object
    } else {
      int line =
          frames.indexOf("----.----(above: where the task ran; below: where its result is taken)");
      assertThat(line).isPositive();
      assertThat(frames.subList(0, line)).noneMatch(frame -> frame.contains("map_itemFails_"));
      assertThat(frames.subList(line, frames.size()))
          .anyMatch(frame -> frame.contains("map_itemFails_"));
    }

    try (var results = shared.imap(PoolContractTest::fail, List.of(1))) {
      Throwable next = catchThrowable(results::next);
      assertThat(frames(next)).anyMatch(frame -> frame.contains("PoolContractTest.fail"));
      if (kind != PoolKind.THREADS) {
        assertThat(frames(next)).anyMatch(frame -> frame.contains("map_itemFails_"));
      }
    }
  }

  @Test
  void future_callbackThatBlocksOnThePool_hindersNobody() throws Exception {
    CompletableFuture<Integer> chained =
        shared
            .submit(() -> 1)
            .thenApply(
                one -> {
                  try {
                    return one + get(shared.submit(() -> 2)) + get(shared.submit(() -> 3));
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });

    assertThat(get(chained)).isEqualTo(6);
  }

  @Test
  void future_callbackThatThrows_hindersNobody() throws Exception {
    CompletableFuture<Object> thrown =
        shared
            .submit(() -> 1)
            .thenApply(
                one -> {
                  throw new IllegalStateException("callback");
                });

    assertThatThrownBy(() -> get(thrown)).hasRootCauseMessage("callback");
    assertThat(get(shared.submit(() -> 5))).isEqualTo(5);
  }

  @Test
  void invokeAllAndInvokeAny_work() throws Exception {
    List<SerializableCallable<Integer>> tasks = List.of(() -> 1, () -> 2);

    assertThat(shared.invokeAll(tasks)).extracting(PoolContractTest::get).containsExactly(1, 2);
    assertThat(shared.invokeAny(tasks)).isIn(1, 2);
  }

  @Test
  void submit_fromManyThreads_allAnswered() throws Exception {
    List<Integer> sums = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int number = t;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    List<CompletableFuture<Integer>> futures = new ArrayList<>();
                    for (int i = 0; i < 200; i++) {
                      int item = i;
                      futures.add(shared.submit(() -> number * item));
                    }
                    sums.add(futures.stream().mapToInt(CompletableFuture::join).sum());
                  }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(sums.stream().mapToInt(n -> n).sum()).isEqualTo(28 * 19_900);
  }

  @Test
  void close_waitsForWhatWasSubmitted_andRefusesMore() throws Exception {
    var pool = kind.open(2);
    List<Future<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      futures.add(
          pool.submit(
              () -> {
                Thread.sleep(Duration.ofMillis(3));
                return number;
              }));
    }
    pool.close();
    pool.close();

    assertThat(futures).allMatch(Future::isDone);
    assertThat(pool.isShutdown()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
    assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.map(x -> x, List.of(1)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void close_whatItHasWaitedFor_isDone() {
    int times = kind == PoolKind.THREADS ? 300 : 3;
    for (int i = 0; i < times; i++) {
      var pool = kind.open(1);
      CompletableFuture<Integer> one = pool.submit(() -> 1);
      CompletableFuture<List<Integer>> all = pool.mapAsync(n -> n, List.of(1, 2));
      pool.close();
      assertThat(one).isCompletedWithValue(1);
      assertThat(all).isCompletedWithValue(List.of(1, 2));
    }
  }

  @Test
  void terminate_everythingFailsBeforeItReturns() throws Exception {
    var pool = kind.open(1);
    List<CompletableFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      futures.add(pool.submit(ChildProcessTest::sleepForEver));
    }
    pool.terminate();
    pool.terminate();

    for (CompletableFuture<?> future : futures) {
      assertThatThrownBy(() -> get(future)).isInstanceOf(CancellationException.class);
    }
    assertThat(pool.isTerminated()).isTrue();
    pool.close();
  }

  @Test
  void terminate_taskHasBegun_isCancelledAsWell(@TempDir Path folder) throws Exception {
    Path begun = folder.resolve("begun");
    var pool = kind.open(1);
    CompletableFuture<?> future =
        pool.submit(
            () -> {
              Files.createFile(begun);
              ChildProcessTest.sleepForEver();
            });
    ChildProcessTest.await(() -> Files.exists(begun));
    pool.terminate();

    assertThatThrownBy(() -> get(future)).isInstanceOf(CancellationException.class);
  }

  @Test
  void close_interrupted_terminates() throws Exception {
    var pool = kind.open(1);
    CompletableFuture<?> future = pool.submit(ChildProcessTest::sleepForEver);

    Thread.currentThread().interrupt();
    pool.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> get(future)).isInstanceOf(CancellationException.class);
  }

  @Test
  void cancel_ofATaskHandedOverAndNotBegun_keepsItFromRunning(@TempDir Path folder)
      throws Exception {
    String mark = folder.resolve("mark").toString();
    String gate = folder.resolve("gate").toString();
    try (var pool = kind.open(1)) {
      CompletableFuture<?> running = pool.submit(() -> Gate.await(gate));
      CompletableFuture<?> next = pool.submit(() -> Files.createFile(Path.of(mark)).toString());
      CompletableFuture<Integer> last = pool.submit(() -> 7);
      assertThat(next.cancel(false)).isTrue();
      Files.createFile(Path.of(gate));
      get(running);
      assertThat(get(last)).isEqualTo(7);
    }
    assertThat(Path.of(mark)).doesNotExist();
  }

  @Test
  void close_interruptedWhileItWaits_terminates() throws Exception {
    var pool = kind.open(1);
    CompletableFuture<?> future = pool.submit(ChildProcessTest::sleepForEver);
    Thread closer = Thread.ofPlatform().start(pool::close);
    ChildProcessTest.await(() -> closer.getState() == Thread.State.TIMED_WAITING);
    closer.interrupt();

    assertThat(closer.join(Duration.ofSeconds(20))).isTrue();
    assertThatThrownBy(() -> get(future)).isInstanceOf(CancellationException.class);
  }

  @Test
  void cancel_ofAQueuedTask_keepsItFromRunning(@TempDir Path folder) throws Exception {
    String mark = folder.resolve("mark").toString();
    String gate = folder.resolve("gate").toString();
    try (var pool = kind.open(1)) {
      for (int i = 0; i < 3; i++) {
        Future<?> _ = pool.submit(() -> Gate.await(gate));
      }
      CompletableFuture<?> queued = pool.submit(() -> Files.createFile(Path.of(mark)).toString());
      assertThat(queued.cancel(true)).isTrue();
      Files.createFile(Path.of(gate));
    }
    assertThat(Path.of(mark)).doesNotExist();
  }

  @Test
  void shutdownNow_isAnEnd() throws Exception {
    var pool = kind.open(1);
    CompletableFuture<?> future = pool.submit(ChildProcessTest::sleepForEver);

    assertThat(pool.shutdownNow()).isEmpty();
    assertThat(pool.awaitTermination(10, SECONDS)).isTrue();
    assertThatThrownBy(() -> get(future)).isInstanceOf(CancellationException.class);
  }

  private static int recurse(int depth) {
    return depth < 0 ? 0 : 1 + recurse(depth + 1);
  }

  private static long alive(Pool pool) {
    return pool.stats().workers().stream().filter(WorkerStats::alive).count();
  }

  @Test
  void mapAsync_givesResultsInOrderLater() throws Exception {
    List<Integer> items = IntStream.range(0, 10_000).boxed().toList();

    assertThat(get(shared.mapAsync(n -> n + 1, items)))
        .isEqualTo(IntStream.rangeClosed(1, 10_000).boxed().toList());
    assertThat(get(shared.mapAsync(n -> n, List.of()))).isEmpty();
    assertThat(
            get(
                shared.starmapAsync(
                    (Integer a, Integer b) -> a * b, List.of(Map.entry(2, 3), Map.entry(4, 5)))))
        .containsExactly(6, 20);
    assertThat(get(shared.mapAsync(x -> x, Arrays.asList(1, null)))).containsExactly(1, null);
  }

  @Test
  void mapAsync_someFail_failsWithTheFirst() {
    var future =
        shared.mapAsync(
            n -> {
              if (n > 1) {
                throw new IllegalStateException("item " + n);
              }
              return n;
            },
            List.of(1, 2, 3));
    assertThatThrownBy(() -> get(future))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("item 2")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void mapAsync_cancelled_runsNoMore(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    String ran = folder.toString();
    try (var pool = kind.open(1)) {
      CompletableFuture<?> first = pool.submit(() -> Gate.await(gate));
      var future =
          pool.mapAsync(
              n -> Files.createFile(Path.of(ran, "ran-" + n)).toString(), List.of(1, 2, 3));
      assertThat(future.cancel(true)).isTrue();
      Files.createFile(Path.of(gate));
      get(first);
      assertThat(get(pool.submit(() -> 5))).isEqualTo(5);
    }
    assertThat(folder.toFile().list()).containsExactly("gate");
  }

  @Test
  void mapAsync_outOfTime_failsAndRunsNoMore(@TempDir Path folder) throws Exception {
    String path = folder.toString();
    String gate = folder.resolve("gate").toString();
    try (Pool pool = kind.open(1)) {
      CompletableFuture<List<Integer>> late =
          pool.with(t -> t.withChunkSize(1))
              .mapAsync(
                  n -> {
                    Files.createFile(Path.of(path, "ran-" + n));
                    Gate.await(gate);
                    return n;
                  },
                  IntStream.range(0, 50).boxed().toList());
      Gate.await(folder.resolve("ran-0").toString());
      assertThatThrownBy(() -> get(late.orTimeout(10, TimeUnit.MILLISECONDS)))
          .hasCauseInstanceOf(TimeoutException.class);
      Files.createFile(Path.of(gate));
      assertThat(get(pool.submit(() -> 1))).isOne();
      assertThat(folder.toFile().list()).hasSizeLessThan(10);
    }
  }

  @Test
  void imapUnordered_givesWhatIsThereFirst(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    SerializableFunction<Integer, Integer> slowFirst =
        n -> {
          if (n == 0) {
            Gate.await(gate);
          }
          return n;
        };
    try (var results = shared.imapUnordered(slowFirst, List.of(0, 1, 2, 3))) {
      assertThat(List.of(results.next(), results.next(), results.next()))
          .containsExactlyInAnyOrder(1, 2, 3);
      assertThatThrownBy(() -> results.next(Duration.ofMillis(20)))
          .isInstanceOf(TimeoutException.class);
      Files.createFile(Path.of(gate));
      assertThat(results.next()).isZero();
      assertThat(results.hasNext()).isFalse();
    }
  }

  @Test
  void imapUnordered_overAnEndlessInput_readsAheadBoundedly() {
    int[] read = {0};
    Iterable<Integer> endless = (Iterable<Integer>) Stream.generate(() -> read[0]++)::iterator;
    List<Integer> taken = new ArrayList<>();
    try (var results = shared.imapUnordered(n -> n, endless)) {
      while (taken.size() < 500) {
        taken.add(results.next());
      }
    }
    assertThat(taken).doesNotHaveDuplicates();
    assertThat(read[0]).isLessThan(500 + 1_000);
  }

  @Test
  void next_inTime_isTheResultAndLateIsATimeout(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    try (var results =
        shared.imap(
            n -> {
              Gate.await(gate);
              return n;
            },
            List.of(1, 2))) {
      assertThatThrownBy(() -> results.next(Duration.ofMillis(20)))
          .isInstanceOf(TimeoutException.class);
      Files.createFile(Path.of(gate));
      assertThat(results.next(Duration.ofSeconds(30))).isEqualTo(1);
      assertThat(results.next(Duration.ofSeconds(30))).isEqualTo(2);
      assertThatThrownBy(() -> results.next(Duration.ofSeconds(1)))
          .isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void asCompleted_walksFuturesAsTheyAreDone(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    CompletableFuture<Integer> slow =
        shared.submit(
            () -> {
              Gate.await(gate);
              return 1;
            });
    CompletableFuture<Integer> fast = shared.submit(() -> 2);
    try (var done = Pool.asCompleted(List.of(slow, fast, slow))) {
      assertThat(done.next()).isSameAs(fast);
      assertThatThrownBy(() -> done.next(Duration.ofMillis(20)))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("1 of 2");
      Files.createFile(Path.of(gate));
      assertThat(done.next()).isSameAs(slow).isCompletedWithValue(1);
      assertThat(done.hasNext()).isFalse();
      assertThatThrownBy(done::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  /** In each worker, what its initializer has done. */
  private static final class Marks {
    private static final ThreadLocal<List<String>> SET = ThreadLocal.withInitial(ArrayList::new);

    static boolean set(String mark) {
      return SET.get().add(mark);
    }

    static List<String> get() {
      return SET.get();
    }
  }

  @Test
  void initializer_runsOnceInEachWorkerBeforeItsTasks() throws Exception {
    byte[] large = new byte[100_000];
    try (var pool =
        kind.open(
            options ->
                options.withWorkers(2).withInitializer(() -> Marks.set("large " + large.length)))) {
      List<Integer> items = IntStream.range(0, 20).boxed().toList();
      boolean haveAllRun = false;
      while (!haveAllRun) {
        assertThat(pool.map(n -> marksAfterAWhile(), items)).containsOnly(List.of("large 100000"));
        List<WorkerStats> workers = pool.stats().workers();
        haveAllRun = workers.size() == 2 && workers.stream().allMatch(worker -> worker.tasks() > 1);
      }
    }
  }

  private static List<String> marksAfterAWhile() throws InterruptedException {
    Thread.sleep(Duration.ofMillis(5));
    return Marks.get();
  }

  @Test
  void initializer_throws_breaksThePoolAtOnce() {
    assertThatThrownBy(
            () ->
                kind.open(
                    options ->
                        options
                            .withWorkers(2)
                            .withInitializer(
                                () -> {
                                  throw new IOException("no model");
                                })))
        .isInstanceOf(PoolBrokenException.class)
        .hasCauseInstanceOf(IOException.class)
        .hasRootCauseMessage("no model");
  }

  @Test
  void initializer_hangs_breaksThePoolAndSaysWhere() {
    assertThatThrownBy(
            () ->
                kind.open(
                    options ->
                        options
                            .withWorkers(1)
                            .withInitializerTimeout(Duration.ofSeconds(1))
                            .withInitializer(() -> Thread.sleep(100_000))))
        .isInstanceOf(PoolBrokenException.class)
        .cause()
        .isInstanceOfSatisfying(
            TaskTimeoutException.class,
            e -> {
              assertThat(e.task()).isEqualTo("initializer");
              assertThat(e.limit()).isEqualTo(Duration.ofSeconds(1));
              assertThat(e.trace()).contains("Thread.sleep");
            });
  }

  @Test
  void initializer_withinItsTime_isNotEndedLater() throws Exception {
    try (var pool =
        kind.open(
            options ->
                options
                    .withWorkers(1)
                    .withInitializerTimeout(Duration.ofSeconds(2))
                    .withInitializer(() -> Thread.sleep(1)))) {
      assertThat(get(pool.submit(() -> sleepFor(2200)))).isEqualTo(2200);
    }
  }

  private static int sleepFor(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis;
  }

  @Test
  void initializer_throwsInALaterWorker_failsWhatIsQueuedAndWhatComes(@TempDir Path folder)
      throws Exception {
    String once = folder.resolve("once").toString();
    try (var pool =
        kind.open(
            options ->
                options
                    .withWorkers(1)
                    .withMaxTasksPerWorker(1)
                    .withInitializer(
                        () ->
                            Files.writeString(Path.of(once), "", StandardOpenOption.CREATE_NEW)))) {
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      assertThatThrownBy(
              () -> {
                while (true) {
                  get(pool.submit(() -> 2));
                }
              })
          .satisfiesAnyOf(
              e -> assertThat(e).hasCauseInstanceOf(PoolBrokenException.class),
              e -> assertThat(e).isInstanceOf(RejectedExecutionException.class))
          .hasRootCauseInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> pool.submit(() -> 3))
          .isInstanceOf(RejectedExecutionException.class)
          .hasCauseInstanceOf(PoolBrokenException.class);
    }
  }

  @Test
  void maxTasksPerWorker_anyCounts_everythingRunsAndNoWorkerRunsMore() throws Exception {
    for (int workers : List.of(1, 3)) {
      for (int most : List.of(1, 4)) {
        for (int items : List.of(1, 7)) {
          try (var pool =
              kind.open(options -> options.withWorkers(workers).withMaxTasksPerWorker(most))) {
            List<Integer> input = IntStream.range(0, items).boxed().toList();
            assertThat(pool.map(n -> n, input)).isEqualTo(input);
            CompletableFuture<Integer> last = pool.submit(() -> 5);
            assertThat(get(last)).isEqualTo(5);
            pool.close();
            assertThat(pool.stats().workers()).allMatch(stats -> stats.tasks() <= most);
            assertThat(pool.stats().workers().stream().mapToLong(WorkerStats::tasks).sum())
                .isEqualTo(items + 1);
          }
        }
      }
    }
  }

  @Test
  void maxQueued_full_waitsForRoomOrIsRejected(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    try (var pool =
        kind.open(options -> options.withWorkers(1).withMaxQueued(3, Duration.ofMillis(30)))) {
      List<CompletableFuture<?>> futures = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (futures.size() < 100) {
                  futures.add(pool.submit(() -> Gate.await(gate)));
                }
              })
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("queued=3");
      assertThat(futures).hasSizeBetween(4, 6);
      Thread opener =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      Files.createFile(Path.of(gate));
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      opener.join();
      for (CompletableFuture<?> future : futures) {
        get(future);
      }
    }
    try (var pool = kind.open(options -> options.withWorkers(2).withMaxQueued(1))) {
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        int number = i;
        futures.add(pool.submit(() -> number));
      }
      assertThat(futures.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(124_750);
    }
  }

  @Test
  void maxQueued_closedOrInterruptedWhileWaiting_isRejected(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    var pool = kind.open(options -> options.withWorkers(1).withMaxQueued(1));
    for (int i = 0; i < 3; i++) {
      CompletableFuture<?> _ = pool.submit(() -> Gate.await(gate));
    }
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pool.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () ->
                    assertThatThrownBy(() -> pool.submit(() -> 1))
                        .isInstanceOf(RejectedExecutionException.class));
    ChildProcessTest.await(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    pool.terminate();
    assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
  }

  /** Goes on whatever interrupts it. */
  private static void ignoreInterrupts(String until) {
    while (!Files.exists(Path.of(until))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void cancel_withInterrupt_interruptsWhatRunsAndNothingElse(@TempDir Path folder)
      throws Exception {
    String begun = folder.resolve("begun").toString();
    String interrupted = folder.resolve("interrupted").toString();
    try (var pool = kind.open(1)) {
      CompletableFuture<?> running =
          pool.submit(
              () -> {
                Files.createFile(Path.of(begun));
                try {
                  ChildProcessTest.sleepForEver();
                } catch (InterruptedException e) {
                  Files.createFile(Path.of(interrupted));
                }
              });
      CompletableFuture<Boolean> next = pool.submit(() -> Thread.currentThread().isInterrupted());
      Gate.await(begun);
      assertThat(running.cancel(true)).isTrue();
      assertThat(running).isCancelled();
      assertThat(get(next)).isFalse();
      assertThat(Path.of(interrupted)).exists();
      assertThat(pool.stats().workers()).hasSize(1); // the worker lives on
    }
  }

  @Test
  void cancel_ofWhatIgnoresInterrupts_replacesTheWorkerAndTheRestRuns(@TempDir Path folder)
      throws Exception {
    String begun = folder.resolve("begun").toString();
    String end = folder.resolve("end").toString();
    try (var pool =
        kind.open(
            options ->
                options
                    .withWorkers(1)
                    .withTasks(tasks -> tasks.withCancelGrace(Duration.ofMillis(50))))) {
      CompletableFuture<?> running =
          pool.submit(
              () -> {
                Files.createFile(Path.of(begun));
                ignoreInterrupts(end);
              });
      List<CompletableFuture<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        others.add(pool.submit(() -> number));
      }
      Gate.await(begun);
      assertThat(running.cancel(true)).isTrue();
      for (int i = 0; i < 5; i++) {
        assertThat(get(others.get(i))).isEqualTo(i);
      }
      assertThat(pool.stats().workers()).hasSize(2);
    } finally {
      Files.createFile(Path.of(end));
    }
  }

  @Test
  void cancel_ofAMap_interruptsWhatRuns(@TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    var hour = kindOfSleep(begun);
    try (var pool = kind.open(1)) {
      var all =
          pool.with(tasks -> tasks.withSoftTimeout(Duration.ofHours(1)))
              .mapAsync(hour, List.of(1, 2, 3));
      Gate.await(begun);
      assertThat(all.cancel(true)).isTrue();
      assertThat(get(pool.submit(() -> 7))).isEqualTo(7);
      assertThat(pool.stats().workers()).hasSize(1);
    }
  }

  @Test
  void invokeAny_oneSucceeds_interruptsTheOthers(@TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    SerializableCallable<Integer> slow = () -> kindOfSleep(begun).apply(1);
    SerializableCallable<Integer> quick =
        () -> {
          Gate.await(begun);
          return 2;
        };
    try (var pool = kind.open(2)) {
      assertThat(pool.invokeAny(List.of(slow, quick))).isEqualTo(2);
    } // waits for what runs
  }

  @Test
  void map_itemSetsAnotherClassLoader_theNextHasItsOwn() throws Exception {
    var loaders =
        shared
            .with(tasks -> tasks.withChunkSize(3))
            .map(
                n -> {
                  boolean isThere = Thread.currentThread().getContextClassLoader() != null;
                  Thread.currentThread().setContextClassLoader(null);
                  return isThere;
                },
                List.of(1, 2, 3));
    assertThat(loaders).containsExactly(true, true, true);
  }

  private static SerializableFunction<Integer, Integer> kindOfSleep(String begun) {
    return n -> {
      Files.writeString(Path.of(begun), "x", StandardOpenOption.CREATE);
      Thread.sleep(Duration.ofHours(1));
      return n;
    };
  }

  @Test
  void softTimeout_passes_interruptsThatTaskOnly() throws Exception {
    var hasty = shared.with(tasks -> tasks.withSoftTimeout(Duration.ofMillis(50)));
    assertThatThrownBy(() -> get(hasty.submit(ChildProcessTest::sleepForEver)))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(get(hasty.submit(() -> 3))).isEqualTo(3);
    assertThatThrownBy(
            () ->
                hasty.map(
                    n -> {
                      if (n == 2) {
                        Thread.sleep(Duration.ofHours(1));
                      }
                      return n;
                    },
                    List.of(1, 2, 3)))
        .isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(
            get(
                shared.submit(
                    () -> {
                      Thread.sleep(Duration.ofMillis(150));
                      return 4;
                    })))
        .isEqualTo(4);
  }

  @Test
  void hardTimeout_passes_endsThatItemOnlyAndSaysWhatItDid(@TempDir Path folder) throws Exception {
    String end = folder.resolve("end").toString();
    try (var pool =
        kind.open(
            options ->
                options
                    .withWorkers(2)
                    .withTasks(
                        tasks -> tasks.withHardTimeout(Duration.ofSeconds(1)).withLabel("loop")))) {
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        futures.add(
            pool.submit(
                () -> {
                  if (number % 7 == 3) {
                    ignoreInterrupts(end);
                  }
                  return number;
                }));
      }
      for (int i = 0; i < 20; i++) {
        if (i % 7 == 3) {
          CompletableFuture<Integer> late = futures.get(i);
          assertThatThrownBy(() -> get(late))
              .cause()
              .isInstanceOfSatisfying(
                  TaskTimeoutException.class,
                  e -> {
                    assertThat(e.task()).isEqualTo("loop");
                    assertThat(e.limit()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(e.trace()).contains("ignoreInterrupts");
                  });
        } else {
          assertThat(get(futures.get(i))).isEqualTo(i);
        }
      }
      SerializableFunction<Integer, Integer> stuckAtTwo =
          n -> {
            if (n == 2) {
              ignoreInterrupts(end);
            }
            return n * 10;
          };
      try (var results = pool.imap(stuckAtTwo, List.of(1, 2, 3))) {
        assertThat(results.next()).isEqualTo(10);
        assertThatThrownBy(results::next).isInstanceOf(TaskTimeoutException.class);
        assertThat(results.next()).isEqualTo(30);
      }
    } finally {
      Files.createFile(Path.of(end));
    }
  }

  @Test
  void hardTimeout_behindATaskWithoutOne_isKept(@TempDir Path folder) throws Exception {
    String end = folder.resolve("end").toString();
    try (var pool = kind.open(1)) {
      var patient =
          pool.submit(
              () -> {
                Thread.sleep(Duration.ofMillis(300));
                return 1;
              });
      var late =
          pool.with(tasks -> tasks.withHardTimeout(Duration.ofMillis(100)))
              .submit(() -> ignoreInterrupts(end));
      assertThat(get(patient)).isEqualTo(1);
      assertThatThrownBy(() -> get(late)).hasCauseInstanceOf(TaskTimeoutException.class);
    } finally {
      Files.createFile(Path.of(end));
    }
  }

  @Test
  void hardTimeout_farAway_keepsNothingOfAClosedPool() {
    var remembered = new WeakReference<>(useOncePatiently());
    ChildProcessTest.await(
        () -> {
          System.gc();
          return remembered.get() == null;
        });
  }

  /** Returns something that only the pool has, which is closed. */
  private Object useOncePatiently() {
    Predicate<Throwable> never = new NeverAgain();
    try (var pool =
        kind.open(
            options ->
                options
                    .withWorkers(1)
                    .withTasks(t -> t.withHardTimeout(Duration.ofDays(1)).withRetry(2, never)))) {
      assertThat(pool.submit(() -> 1).join()).isEqualTo(1);
    }
    return never;
  }

  /** An object each, unlike a lambda. */
  private static final class NeverAgain implements Predicate<Throwable> {
    @Override
    public boolean test(Throwable failure) {
      return false;
    }
  }

  @Test
  void hardTimeout_ofManyShortTasks_hurtsNone() throws Exception {
    var hasty = shared.with(tasks -> tasks.withHardTimeout(Duration.ofSeconds(1)));
    List<Integer> items = IntStream.range(0, 1_000).boxed().toList();
    assertThat(
            hasty.map(
                n -> {
                  Thread.sleep(Duration.ofMillis(3));
                  return n;
                },
                items))
        .isEqualTo(items);
  }

  @Test
  void timeouts_notPositive_areRefused() {
    assertThatThrownBy(() -> shared.with(t -> t.withHardTimeout(Duration.ZERO)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> shared.with(t -> t.withSoftTimeout(Duration.ofNanos(-1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> shared.with(t -> t.withCancelGrace(Duration.ofNanos(-1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Counts its runs in a file of its own, and says the how many-th this is. */
  private static long run(String folder, int number) throws IOException {
    Path file = Path.of(folder, "runs-" + number);
    Files.writeString(file, "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return Files.size(file);
  }

  @Test
  void retry_ofSomeFailures_runsThoseAgain(@TempDir Path folder) throws Exception {
    String runs = folder.toString();
    var patient = shared.with(tasks -> tasks.withRetry(3, IllegalStateException.class::isInstance));
    SerializableFunction<Integer, Long> flaky =
        n -> {
          long run = run(runs, n);
          if (n == 1 && run < 3) {
            throw new IllegalStateException("again");
          }
          if (n == 2) {
            throw new IllegalArgumentException("never again");
          }
          if (n == 3) {
            throw new IllegalStateException("run " + run);
          }
          return run;
        };
    assertThat(patient.map(flaky, List.of(0, 1))).containsExactly(1L, 3L);
    try (var results = patient.imap(flaky, List.of(2, 3, 4))) {
      assertThatThrownBy(results::next).hasMessage("never again");
      assertThatThrownBy(results::next).hasMessage("run 3");
      assertThat(results.next()).isEqualTo(1L);
    }
    assertThat(Files.size(folder.resolve("runs-2"))).isEqualTo(1);
    assertThat(Files.size(folder.resolve("runs-3"))).isEqualTo(3);
  }

  @Test
  void retry_whilePoolCloses_endsBeforeThePool(@TempDir Path folder) throws Exception {
    String runs = folder.toString();
    var pool = kind.open(1);
    CompletableFuture<Long> future =
        pool.with(tasks -> tasks.withRetry(5, failure -> true))
            .submit(
                () -> {
                  long run = run(runs, 0);
                  if (run < 5) {
                    throw new IllegalStateException("run " + run);
                  }
                  return run;
                });
    pool.close();
    assertThat(future).isCompletedWithValue(5L);
  }

  @Test
  void retry_ofTheLastTaskAfterAHardTimeoutWhilePoolCloses_isDone(@TempDir Path folder)
      throws Exception {
    String runs = folder.toString();
    String end = folder.resolve("end").toString();
    var pool = kind.open(1);
    CompletableFuture<Long> future =
        pool.with(tasks -> tasks.withHardTimeout(Duration.ofSeconds(1)).withRetry(2, e -> true))
            .submit(
                () -> {
                  long run = run(runs, 0);
                  if (run == 1) {
                    ignoreInterrupts(end);
                  }
                  return run;
                });
    pool.close();
    Files.createFile(Path.of(end));
    assertThat(get(future)).isEqualTo(2);
  }

  @Test
  void terminate_whilePredicateIsAsked_failsThatAsWell() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    var pool = kind.open(1);
    CompletableFuture<?> future =
        pool.with(
                tasks ->
                    tasks.withRetry(
                        2,
                        failure -> {
                          asked.countDown();
                          await(answer);
                          return true;
                        }))
            .submit(
                () -> {
                  throw new IllegalStateException("task");
                });
    asked.await();
    pool.terminate();

    assertThatThrownBy(() -> get(future)).isInstanceOf(CancellationException.class);
    answer.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void retry_predicateThrows_isNoRetry() {
    var odd =
        shared.with(
            tasks ->
                tasks.withRetry(
                    2,
                    failure -> {
                      throw new IllegalArgumentException("predicate");
                    }));
    assertThatThrownBy(
            () ->
                get(
                    odd.submit(
                        () -> {
                          throw new IllegalStateException("task");
                        })))
        .cause()
        .hasMessage("task")
        .satisfies(e -> assertThat(e.getSuppressed()).extracting("message").contains("predicate"));
    assertThatThrownBy(() -> shared.with(tasks -> tasks.withRetry(0, failure -> true)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void retry_afterAHardTimeout_runsElsewhere(@TempDir Path folder) throws Exception {
    String runs = folder.toString();
    String end = folder.resolve("end").toString();
    try (var pool = kind.open(1)) {
      assertThat(
              get(
                  pool.with(
                          tasks ->
                              tasks
                                  .withHardTimeout(Duration.ofSeconds(1))
                                  .withRetry(2, TaskTimeoutException.class::isInstance))
                      .submit(
                          () -> {
                            long run = run(runs, 0);
                            if (run == 1) {
                              ignoreInterrupts(end);
                            }
                            return run;
                          })))
          .isEqualTo(2);
      Files.createFile(Path.of(end));
    }
  }

  @Test
  void stallTimeout_withProgress_isNotReached() throws Exception {
    var watched = shared.with(tasks -> tasks.withStallTimeout(Duration.ofSeconds(1)));
    assertThat(
            get(
                watched.submit(
                    () -> {
                      for (int i = 0; i < 50; i++) {
                        Thread.sleep(Duration.ofMillis(30));
                        Task.current().progress(i, 50);
                      }
                      return 50;
                    })))
        .isEqualTo(50);
  }

  @Test
  void stallTimeout_withoutProgress_endsTheTask(@TempDir Path folder) throws Exception {
    String end = folder.resolve("end").toString();
    try (var pool = kind.open(1)) {
      var future =
          pool.with(tasks -> tasks.withStallTimeout(Duration.ofMillis(200)))
              .submit(
                  () -> {
                    Task.current().progress(1, 2);
                    ignoreInterrupts(end);
                  });
      assertThatThrownBy(() -> get(future))
          .cause()
          .isInstanceOfSatisfying(
              TaskTimeoutException.class,
              e -> {
                assertThat(e.isStalled()).isTrue();
                assertThat(e).hasMessageContaining("no progress");
              });
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    } finally {
      Files.createFile(Path.of(end));
    }
  }

  @Test
  void task_opensAPoolOfItsOwn_works() throws Exception {
    PoolKind inner = kind;
    try (var pool = kind.open(1)) {
      CompletableFuture<List<Integer>> squares =
          pool.submit(
              () -> {
                try (var own = inner.open(2)) {
                  return own.map(n -> n * n, List.of(1, 2, 3));
                }
              });
      assertThat(get(squares)).containsExactly(1, 4, 9);
    }
  }

  @Test
  void task_outsideOfATask_isNone() {
    assertThatThrownBy(Task::current).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void stats_whileItRuns_sayWhatRunsWaitsAndHasEnded(@TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    String gate = folder.resolve("gate").toString();
    try (var pool = kind.open(1)) {
      CompletableFuture<?> failed =
          pool.submit(
              () -> {
                throw new IOException("disk");
              });
      assertThatThrownBy(() -> get(failed)).hasCauseInstanceOf(IOException.class);
      var running =
          pool.with(tasks -> tasks.withLabel("reading"))
              .submit(
                  () -> {
                    Task.current().progress(3, 10);
                    Files.createFile(Path.of(begun));
                    Gate.await(gate);
                  });
      Gate.await(begun);
      List<CompletableFuture<Integer>> waiting = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        waiting.add(pool.submit(() -> 1));
      }
      PoolStats stats = pool.stats();
      assertThat(stats.running()).isEqualTo(1);
      assertThat(stats.queued()).isBetween(8L, 10L);
      assertThat(stats.done()).isEqualTo(1);
      assertThat(stats.failed()).isEqualTo(1);
      RunningTask current = stats.workers().getFirst().current().orElseThrow();
      assertThat(current.label()).isEqualTo("reading");
      assertThat(current.done()).isEqualTo(3);
      assertThat(current.total()).isEqualTo(10);
      assertThat(current.running()).isPositive();
      Files.createFile(Path.of(gate));
      get(running);
      for (CompletableFuture<Integer> one : waiting) {
        assertThat(get(one)).isEqualTo(1);
      }
      pool.close();
      assertThat(pool.stats().done()).isEqualTo(12);
      assertThat(pool.stats().running()).isZero();
      assertThat(pool.stats().workers()).allMatch(worker -> worker.current().isEmpty());
    }
  }

  @Test
  void future_ofEveryEnd_answersAsTheJdkSays(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    CompletableFuture<?> waiting = shared.submit(() -> Gate.await(gate));
    assertThat(waiting.state()).isEqualTo(Future.State.RUNNING);
    assertThat(waiting.isDone()).isFalse();
    assertThatThrownBy(() -> waiting.get(-1, SECONDS)).isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> waiting.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    Files.createFile(Path.of(gate));
    get(waiting);

    CompletableFuture<Integer> good = shared.submit(() -> 5);
    assertThat(get(good)).isEqualTo(5);
    assertThat(get(good)).isEqualTo(5);
    assertThat(good.state()).isEqualTo(Future.State.SUCCESS);
    assertThat(good.complete(6)).isFalse();
    assertThat(good.cancel(true)).isFalse();
    assertThat(good.resultNow()).isEqualTo(5);

    CompletableFuture<Integer> bad =
        shared.submit(
            () -> {
              throw new IOException("disk");
            });
    assertThatThrownBy(() -> get(bad)).isInstanceOf(ExecutionException.class);
    assertThat(bad.state()).isEqualTo(Future.State.FAILED);
    assertThat(bad.exceptionNow()).isInstanceOf(IOException.class);
    assertThatThrownBy(bad::join).hasCauseInstanceOf(IOException.class);

    CompletableFuture<?> cancelled = shared.submit(() -> Gate.await(gate + "-never"));
    assertThat(cancelled.cancel(true)).isTrue();
    assertThat(cancelled.state()).isEqualTo(Future.State.CANCELLED);
    assertThat(cancelled.isDone() && cancelled.isCancelled()).isTrue();
    assertThatThrownBy(() -> get(cancelled)).isInstanceOf(CancellationException.class);
  }

  @Test
  void priority_higher_goesFirstAndEqualsInOrder(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    String order = folder.resolve("order").toString();
    try (var pool = kind.open(1)) {
      List<CompletableFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 2; i++) { // what the worker has already
        futures.add(pool.submit(() -> Gate.await(gate)));
      }
      for (int i = 0; i < 6; i++) {
        int number = i;
        futures.add(
            pool.with(tasks -> tasks.withPriority(number % 3))
                .submit(
                    () ->
                        Files.writeString(
                            Path.of(order),
                            "" + number,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND)));
      }
      Files.createFile(Path.of(gate));
      for (CompletableFuture<?> future : futures) {
        get(future);
      }
    }
    assertThat(Path.of(order)).hasContent("251403");
  }

  @Test
  void chunkSize_fixed_anyNumberOfItemsRunsOnce() throws Exception {
    for (int size : List.of(1, 3, 1000)) {
      var chunked = shared.with(tasks -> tasks.withChunkSize(size));
      for (int count : List.of(0, 1, 10)) {
        List<Integer> items = IntStream.range(0, count).boxed().toList();
        assertThat(chunked.map(n -> n, items)).isEqualTo(items);
        try (var results = chunked.imap(n -> n, items)) {
          Iterable<Integer> taken = results;
          assertThat(taken).containsExactlyElementsOf(items);
        }
      }
    }
    assertThatThrownBy(() -> shared.with(tasks -> tasks.withChunkSize(0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void window_small_readsNoFurtherAhead() {
    int[] read = {0};
    Iterable<Integer> endless = (Iterable<Integer>) Stream.generate(() -> read[0]++)::iterator;
    try (var results = shared.with(tasks -> tasks.withWindow(3)).imap(n -> n, endless)) {
      for (int i = 0; i < 50; i++) {
        assertThat(results.next()).isEqualTo(i);
        assertThat(read[0]).isLessThanOrEqualTo(i + 1 + 3);
      }
    }
  }

  @Test
  void mapping_ofAStream_givesResultsInOrder() {
    assertThat(IntStream.range(0, 5_000).boxed().gather(shared.mapping(n -> n * 2)).toList())
        .isEqualTo(IntStream.range(0, 5_000).map(n -> n * 2).boxed().toList());
    assertThat(Stream.<Integer>empty().gather(shared.mapping(n -> n)).toList()).isEmpty();
    assertThat(Stream.of(1, null, 3).gather(shared.mapping(n -> n)).toList())
        .containsExactly(1, null, 3);
  }

  @Test
  void mapping_ofAnEndlessStream_readsAheadBoundedlyAndStops() {
    int[] read = {0};
    assertThat(
            Stream.generate(() -> read[0]++).gather(shared.mapping(n -> n + 1)).limit(300).toList())
        .isEqualTo(IntStream.rangeClosed(1, 300).boxed().toList());
    assertThat(read[0]).isLessThan(300 + 1_000);
  }

  @Test
  void mapping_elementFails_failsTheStream() throws Exception {
    assertThatThrownBy(
            () ->
                IntStream.range(0, 1_000)
                    .boxed()
                    .gather(
                        shared.mapping(
                            n -> {
                              if (n == 500) {
                                throw new IllegalStateException("item " + n);
                              }
                              return n;
                            }))
                    .toList())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("item 500");
    assertThat(shared.map(n -> n, List.of(1))).containsExactly(1);
  }

  @Test
  void map_withProgress_hearsOfEachItemHere() throws Exception {
    List<Long> heard = new ArrayList<>();
    Thread here = Thread.currentThread();
    assertThatThrownBy(
            () ->
                shared.map(
                    n -> 10 / n,
                    List.of(5, 0, 2),
                    (done, total) -> {
                      assertThat(Thread.currentThread()).isSameAs(here);
                      assertThat(total).isEqualTo(3);
                      heard.add(done);
                    }))
        .isInstanceOf(ArithmeticException.class);
    assertThat(heard).containsExactly(0L, 1L, 2L, 3L);
    assertThatThrownBy(
            () ->
                shared.map(
                    n -> n,
                    List.of(1, 2),
                    (done, total) -> {
                      throw new IllegalStateException("enough");
                    }))
        .hasMessage("enough");
    assertThat(shared.map(n -> n, List.of(1))).containsExactly(1);
  }

  @Test
  void starmap_withProgress_hearsOfEachPair() throws Exception {
    List<Long> heard = new ArrayList<>();
    assertThat(
            shared.starmap(
                Integer::sum,
                List.of(Map.entry(1, 2), Map.entry(3, 4)),
                (done, total) -> heard.add(10 * done + total)))
        .containsExactly(3, 7);
    assertThat(heard).containsExactly(2L, 12L, 22L);
  }

  @Test
  void mapAsync_withProgress_hasHeardOfAllWhenItIsDone() throws Exception {
    List<Long> heard = new CopyOnWriteArrayList<>();
    List<Integer> items = IntStream.range(0, 1_000).boxed().toList();
    var mapped =
        shared.mapAsync(
            n -> 2 * n,
            items,
            (done, total) -> {
              assertThat(total).isEqualTo(1_000);
              heard.add(done);
            });
    assertThat(get(mapped)).hasSize(1_000);
    assertThat(heard.getFirst()).isZero();
    assertThat(heard.getLast()).isEqualTo(1_000);
    assertThat(heard).isSorted().doesNotHaveDuplicates();

    List<Long> pairs = new CopyOnWriteArrayList<>();
    var none =
        shared.starmapAsync(
            Integer::sum, List.<Map.Entry<Integer, Integer>>of(), (done, total) -> pairs.add(done));
    assertThat(get(none)).isEmpty();
    assertThat(pairs).containsExactly(0L);
  }

  @Test
  void mapAsync_progressThrows_failsTheFutureAndIsNotCalledAgain() throws Exception {
    List<Long> heard = new CopyOnWriteArrayList<>();
    var mapped =
        shared.mapAsync(
            n -> n,
            IntStream.range(0, 1_000).boxed().toList(),
            (done, total) -> {
              heard.add(done);
              throw new IllegalStateException("enough");
            });
    assertThatThrownBy(() -> get(mapped)).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(shared.map(n -> n, List.of(1))).containsExactly(1);
    assertThat(heard).containsExactly(0L);
    assertThat(shared.map(n -> n, List.of(1))).containsExactly(1);
  }

  @Test
  void imap_withProgress_hearsOfWhatIsTaken() {
    List<Long> heard = new ArrayList<>();
    try (var results =
        shared.imap(n -> 10 / n, List.of(5, 0), (done, total) -> heard.add(10 * done + total))) {
      assertThat(heard).containsExactly(2L);
      assertThat(results.next()).isEqualTo(2);
      assertThatThrownBy(results::next).isInstanceOf(ArithmeticException.class);
    }
    assertThat(heard).containsExactly(2L, 12L, 22L);
    Iterable<Integer> endless = () -> IntStream.iterate(1, n -> n + 1).boxed().iterator();
    List<Long> totals = new ArrayList<>();
    try (var results = shared.imapUnordered(n -> n, endless, (done, total) -> totals.add(total))) {
      assertThat(results.next()).isPositive();
    }
    assertThat(totals).containsExactly(-1L, -1L);
  }
}
