package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.internal.os.Os;
import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedIntArray;
import dev.procession.testing.Accident;
import dev.procession.testing.Covering;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A worker of a pool meets with each accident at each point, before the eyes of each watcher. The
 * one item that it was at ends with what the guide says; all others end with their results, and
 * have run once; the statistics agree; the worker is replaced, unless the pool is closed; and
 * nothing is left of who has died. Cases are chosen so that each accident happens at each point,
 * and each watcher watches at each point and sees each sort of accident; the whole product is for
 * stress.
 */
@Timeout(60)
class PoolFaultTest {
  /** In which whatever waits is to go on. A new worker may have to start within. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /** In which a killed worker's task fails. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /** How long the victim may run, where that is its end. */
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private static final int WORKERS = 2;
  private static final int ITEMS = 60;
  private static final int CHUNK = 20;
  private static final int MUCH = 4 << 20;
  private static final int NOBODY = -1;
  private static final String LABEL = "victim";

  @SuppressWarnings("NullAway.Init")
  private static Pool shared;

  @SuppressWarnings("NullAway.Init")
  private static Stage stage;

  @SuppressWarnings("NullAway.Init")
  private static ExecutorService threads;

  // cases

  /** Where the worker is then. */
  enum Point {
    STARTING,
    IN_INITIALIZER,
    IDLE,
    READING,
    RUNNING,
    /** Other tasks have been handed over already, and nobody else can run them. */
    OTHERS_BEHIND,
    IN_A_CHUNK,
    AT_THE_END_OF_A_CHUNK,
    WRITING,
    /** The first part of the result lies in a file by then. */
    WRITING_MUCH
  }

  private static final Set<Point> WITHOUT_VICTIM =
      EnumSet.of(Point.STARTING, Point.IN_INITIALIZER, Point.IDLE);
  private static final Set<Point> IN_CHUNKS =
      EnumSet.of(Point.IN_A_CHUNK, Point.AT_THE_END_OF_A_CHUNK);
  private static final Set<Point> ALONE = EnumSet.of(Point.RUNNING, Point.OTHERS_BEHIND);

  /** Who waits for what comes of it. */
  enum Watcher {
    GET,
    CALLBACKS_THAT_THROW,
    AS_COMPLETED,
    INVOKE_ALL,
    INVOKE_ANY,
    MAP,
    MAP_ASYNC,
    IMAP,
    IMAP_UNORDERED,
    CLOSE,
    AWAIT_TERMINATION,
    TERMINATE
  }

  private static final Set<Point> IN_TASKS =
      EnumSet.range(Point.RUNNING, Point.AT_THE_END_OF_A_CHUNK);

  private static final Set<Watcher> OF_MANY = EnumSet.range(Watcher.MAP, Watcher.IMAP_UNORDERED);
  private static final Set<Watcher> OF_OTHERS =
      EnumSet.of(Watcher.GET, Watcher.MAP, Watcher.IMAP, Watcher.CLOSE, Watcher.TERMINATE);
  private static final Set<Watcher> HASTY = EnumSet.of(Watcher.GET, Watcher.INVOKE_ANY);
  private static final Set<Watcher> INVOKING = EnumSet.of(Watcher.INVOKE_ALL, Watcher.INVOKE_ANY);
  private static final Set<Watcher> CLOSING = EnumSet.range(Watcher.CLOSE, Watcher.TERMINATE);

  /** One of the matrix. */
  record Case(Point point, Accident accident, Watcher watcher) implements Covering.Row {
    @Override
    public List<Object> covers() {
      Object sort = List.of(accident.isThrown(), accident.isLimited(), accident.isFromOutside());
      return List.of(List.of(point, accident), List.of(point, watcher), List.of(watcher, sort));
    }

    boolean isPossible() {
      if (WITHOUT_VICTIM.contains(point) && !OF_OTHERS.contains(watcher)) {
        return false;
      }
      if (accident == Accident.HEAP_TAKEN && !IN_TASKS.contains(point)) {
        return false; // elsewhere so much becomes free on the way that the error may be told
      }
      return switch (point) {
        case STARTING -> accident.isFromOutside() && !accident.isLimited();
        case IN_INITIALIZER, IDLE -> !accident.isLimited() && !accident.isThrown();
        default -> isPossibleInATask();
      };
    }

    private boolean isPossibleInATask() {
      boolean ofMany = OF_MANY.contains(watcher);
      if (point == Point.OTHERS_BEHIND && INVOKING.contains(watcher)) {
        return false;
      }
      return !(IN_CHUNKS.contains(point) && !ofMany) && !(ALONE.contains(point) && ofMany);
    }

    boolean closes() {
      return CLOSING.contains(watcher);
    }
  }

  private static Stream<Case> possible() {
    return Arrays.stream(Point.values())
        .flatMap(
            point -> Arrays.stream(Accident.values()).map(a -> new Case(point, a, Watcher.GET)))
        .flatMap(
            c -> Arrays.stream(Watcher.values()).map(w -> new Case(c.point(), c.accident(), w)))
        .filter(Case::isPossible);
  }

  static List<Case> everyCase() {
    return possible().toList();
  }

  static List<Case> someCases() {
    return Covering.of(everyCase());
  }

  // what the processes share

  /** Words that a test and its workers share. */
  private record Stage(SharedIntArray words) {
    private static final int VICTIM = 0;
    private static final int GO = 1;
    private static final int GATE = 2;
    private static final int MET = 3;
    private static final int STARTS = 4;
    private static final int RUNS = 8;

    static Stage open() {
      return new Stage(SharedArray.ints(RUNS + ITEMS + 1));
    }

    void clear() {
      for (int i = 0; i < words.length(); i++) {
        words.set(i, 0);
      }
    }

    /** The victim is where it meets with its accident. */
    void meet(Accident accident) {
      words.set(VICTIM, (int) ProcessHandle.current().pid());
      if (accident.isFromOutside()) {
        await(GO, Integer.MAX_VALUE);
      }
      await(GO, 1);
      accident.happen();
    }

    /** Waits until a word has a value, at least. */
    void await(int word, int least) {
      long end = System.nanoTime() + SECONDS.toNanos(30);
      try {
        while (words.get(word) < least) {
          assertThat(System.nanoTime()).as("word %d is set", word).isLessThan(end);
          Thread.sleep(1);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    int run(int item) {
      words.incrementAndGet(RUNS + item);
      return item;
    }

    int runs(int item) {
      return words.get(RUNS + item);
    }

    boolean haveRun(IntStream items) {
      return items.allMatch(item -> runs(item) > 0);
    }
  }

  private static boolean isInWorker() {
    return ChildProcess.parent().isPresent();
  }

  /** The code, argument or result that meets with the accident. */
  private static final class Victim implements Serializable {
    private static final long serialVersionUID = 1L;
    private final SharedIntArray words;
    private final Point point;
    private final Accident accident;
    private final int item;

    Victim(Stage stage, Case where, int item) {
      this.words = stage.words();
      this.point = where.point();
      this.accident = where.accident();
      this.item = item;
    }

    Object run() {
      int _ = new Stage(words).run(item);
      return switch (point) {
        case WRITING -> this;
        case WRITING_MUCH -> List.of(new byte[MUCH], this);
        default -> {
          meet();
          yield item;
        }
      };
    }

    private void meet() {
      new Stage(words).meet(accident);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (point == Point.READING && isInWorker()) {
        meet();
      }
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (isInWorker()) {
        meet();
      }
      out.defaultWriteObject();
    }
  }

  // who watches

  /**
   * What a watcher has seen.
   *
   * @param failure of the victim, if there is one and the watcher hears of it
   * @param at when
   */
  private record Seen(@Nullable Throwable failure, long at) {
    static Seen now(@Nullable Throwable failure) {
      return new Seen(failure, System.nanoTime());
    }
  }

  /** A pool, a case, and the item that is the victim, or -1. */
  private record Scene(Pool pool, Stage stage, Case where, int victim) {
    private boolean isVictim(int item) {
      return item == victim;
    }

    private IntStream others() {
      return IntStream.range(0, ITEMS).filter(item -> !isVictim(item));
    }

    Seen watch() throws Exception {
      return switch (where.watcher()) {
        case GET -> get(submitAll());
        case CALLBACKS_THAT_THROW -> callBack(submitAll());
        case AS_COMPLETED -> asCompleted(submitAll());
        case INVOKE_ALL -> get(tuned().invokeAll(tasks()));
        case INVOKE_ANY -> invokeAny();
        case MAP -> map();
        case MAP_ASYNC -> mapAsync();
        case IMAP -> imap();
        case IMAP_UNORDERED -> imapUnordered();
        case CLOSE -> {
          List<CompletableFuture<Object>> futures = submitAll();
          pool.close();
          yield ended(futures);
        }
        case AWAIT_TERMINATION -> {
          List<CompletableFuture<Object>> futures = submitAll();
          pool.shutdown();
          assertThat(pool.awaitTermination(20, SECONDS)).isTrue();
          yield ended(futures);
        }
        case TERMINATE -> {
          List<CompletableFuture<Object>> futures = submitAll();
          stage.await(Stage.GO, 1);
          pool.terminate();
          yield terminated(futures);
        }
      };
    }

    private UnaryOperator<TaskOptions> options() {
      return tasks -> {
        TaskOptions labelled = tasks.withLabel(LABEL).withChunkSize(CHUNK);
        return where.accident().isLimited() ? labelled.withHardTimeout(LIMIT) : labelled;
      };
    }

    private SerializableCallable<Object> task(int item) {
      if (isVictim(item)) {
        Victim victimItself = new Victim(stage, where, item);
        return () -> victimItself.run();
      }
      Stage here = stage;
      return () -> here.run(item);
    }

    private List<Callable<Object>> tasks() {
      return IntStream.range(0, ITEMS).<Callable<Object>>mapToObj(this::task).toList();
    }

    /** The victim has the limit of time, if any; others may take theirs. */
    private List<CompletableFuture<Object>> submitAll() {
      List<CompletableFuture<Object>> futures = new ArrayList<>();
      for (int i = 0; i < ITEMS; i++) {
        Pool theirs = isVictim(i) ? pool.with(options()) : pool;
        futures.add(theirs.submit(task(i)));
        if (isVictim(i) && where.point() == Point.OTHERS_BEHIND) {
          stage.await(Stage.VICTIM, 1);
          Stage here = stage;
          Future<?> _ = pool.submit(() -> here.await(Stage.GATE, 1));
        }
      }
      return futures;
    }

    private Seen get(List<? extends Future<Object>> futures) throws Exception {
      Throwable failure = victim < 0 ? null : failureOf(futures.get(victim));
      Seen seen = Seen.now(failure);
      for (int item : others().toArray()) {
        assertThat(futures.get(item).get(20, SECONDS)).isEqualTo(item);
      }
      return seen;
    }

    private static Throwable failureOf(Future<?> future) throws Exception {
      try {
        throw new AssertionError("has a result: " + future.get(20, SECONDS));
      } catch (ExecutionException e) {
        return Objects.requireNonNull(e.getCause());
      } catch (CancellationException e) {
        return e;
      }
    }

    private static <T> T complain(T outcome) {
      throw new IllegalArgumentException("callback " + outcome);
    }

    private Seen callBack(List<CompletableFuture<Object>> futures) throws Exception {
      var ofOthers =
          others().mapToObj(item -> futures.get(item).thenApply(Scene::complain)).toList();
      if (victim >= 0) {
        var ofVictim = futures.get(victim).whenComplete((value, e) -> complain(e));
        assertThat(failureOf(ofVictim)).isSameAs(failureOf(futures.get(victim)));
      }
      for (var stageOfOther : ofOthers) {
        assertThat(failureOf(stageOfOther)).hasMessageStartingWith("callback");
      }
      return get(futures);
    }

    private Seen asCompleted(List<CompletableFuture<Object>> futures) throws Exception {
      List<CompletableFuture<Object>> ended = new ArrayList<>();
      try (var done = Pool.asCompleted(futures)) {
        while (done.hasNext()) {
          CompletableFuture<Object> one = done.next(Duration.ofSeconds(20));
          assertThat(one.isDone()).isTrue();
          ended.add(one);
        }
      }
      assertThat(ended).containsExactlyInAnyOrderElementsOf(futures);
      return get(futures);
    }

    private Pool tuned() {
      return pool.with(options());
    }

    private Seen invokeAny() throws Exception {
      List<CompletableFuture<Object>> futures = new ArrayList<>();
      Throwable failure = null;
      others().forEach(item -> futures.add(pool.submit(task(item))));
      if (victim >= 0) {
        try {
          throw new AssertionError("a result: " + tuned().invokeAny(List.of(task(victim))));
        } catch (ExecutionException e) {
          failure = e.getCause();
        }
      }
      Seen seen = Seen.now(failure);
      for (var future : futures) {
        assertThat(future.get(20, SECONDS)).isNotNull();
      }
      return seen;
    }

    // of many

    private List<Object> items() {
      return IntStream.range(0, ITEMS)
          .<Object>mapToObj(item -> isVictim(item) ? new Victim(stage, where, item) : item)
          .toList();
    }

    private SerializableFunction<Object, Object> function() {
      Stage here = stage;
      return item -> item instanceof Victim itself ? itself.run() : here.run((Integer) item);
    }

    private List<Object> expected() {
      return IntStream.range(0, ITEMS).<Object>mapToObj(item -> item).toList();
    }

    private Seen map() throws Exception {
      try {
        List<Object> results = tuned().map(function(), items());
        assertThat(victim).isNegative();
        assertThat(results).isEqualTo(expected());
        return Seen.now(null);
      } catch (RuntimeException | Error e) {
        assertThat(e.getSuppressed()).isEmpty();
        return Seen.now(e);
      }
    }

    private Seen mapAsync() throws Exception {
      var all = tuned().mapAsync(function(), items());
      if (victim >= 0) {
        return Seen.now(failureOf(all));
      }
      assertThat(all.get(20, SECONDS)).isEqualTo(expected());
      return Seen.now(null);
    }

    private Seen imap() throws Exception {
      Throwable failure = null;
      try (var results = tuned().imap(function(), items())) {
        for (int i = 0; i < ITEMS; i++) {
          if (isVictim(i)) {
            failure = next(results, new ArrayList<>());
          } else {
            assertThat(results.next(Duration.ofSeconds(20))).isEqualTo(i);
          }
        }
        assertThat(results.hasNext()).isFalse();
      }
      return Seen.now(failure);
    }

    private Seen imapUnordered() throws Exception {
      List<Throwable> failures = new ArrayList<>();
      List<Object> values = new ArrayList<>();
      try (var results = tuned().imapUnordered(function(), items())) {
        while (results.hasNext()) {
          Throwable failure = next(results, values);
          if (failure != null) {
            failures.add(failure);
          }
        }
      }
      List<Object> expected = new ArrayList<>(expected());
      if (victim >= 0) {
        expected.remove(victim);
        assertThat(failures).hasSize(1);
        assertThat(values).containsExactlyInAnyOrderElementsOf(expected);
        return Seen.now(failures.getFirst());
      }
      assertThat(failures).isEmpty();
      assertThat(values).containsExactlyInAnyOrderElementsOf(expected);
      return Seen.now(null);
    }

    private static @Nullable Throwable next(Results<Object> results, List<Object> values)
        throws Exception {
      try {
        values.add(results.next(Duration.ofSeconds(20)));
        return null;
      } catch (RuntimeException | Error e) {
        return e;
      }
    }

    // the end of the pool

    private Seen ended(List<CompletableFuture<Object>> futures) throws Exception {
      Seen seen = Seen.now(null);
      assertThat(futures).allMatch(Future::isDone);
      return new Seen(get(futures).failure(), seen.at());
    }

    private Seen terminated(List<CompletableFuture<Object>> futures) throws Exception {
      long at = System.nanoTime();
      assertThat(futures).allMatch(Future::isDone);
      for (int item : others().toArray()) {
        if (!futures.get(item).isCancelled()) {
          assertThat(futures.get(item).get(0, SECONDS)).isEqualTo(item);
        }
      }
      return new Seen(victim < 0 ? null : failureOf(futures.get(victim)), at);
    }
  }

  // the matrix

  @BeforeAll
  static void open() {
    threads = Executors.newCachedThreadPool();
    stage = Stage.open();
    shared = Pool.processes(PoolFaultTest::options);
  }

  @AfterAll
  static void close() throws Exception {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, SECONDS)).isTrue();
    shared.close();
    stage.words().close();
    assertThat(filesOf(ProcessHandle.current().pid())).isEmpty();
  }

  private static ProcessPoolOptions options(ProcessPoolOptions defaults) {
    return defaults
        .withWorkers(WORKERS)
        .withMaxHeap("32m")
        .withOutput(Output.DISCARDED)
        .withJvmOptions("-XX:ErrorFile=/dev/null");
  }

  @BeforeEach
  void clearStage() {
    stage.clear();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("someCases")
  void accident_somewhere_costsOneItemAtMost(Case where) throws Exception {
    meetWithAccident(where);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyCase")
  @Tag("stress")
  void accident_anywhere_costsOneItemAtMost(Case where) throws Exception {
    meetWithAccident(where);
  }

  private static void meetWithAccident(Case where) throws Exception {
    Set<Path> files = filesOf(ProcessHandle.current().pid());
    if (where.point() == Point.IN_INITIALIZER) {
      try (var pool = openWithInitializer(where.accident())) {
        play(where, pool);
      }
    } else if (where.closes()) {
      try (var pool = Pool.processes(PoolFaultTest::options)) {
        play(where, pool);
      }
    } else {
      play(where, shared);
    }
    await(() -> files.containsAll(filesOf(ProcessHandle.current().pid())), "files are gone");
  }

  /** The second worker meets with the accident, the next ones do not. */
  private static Pool openWithInitializer(Accident accident) {
    Stage here = stage;
    return Pool.processes(
        o ->
            options(o)
                .withInitializer(
                    () -> {
                      if (here.words().incrementAndGet(Stage.STARTS) == 2) {
                        here.meet(accident);
                      }
                    }));
  }

  static Stream<Accident> thrown() {
    return Arrays.stream(Accident.values()).filter(Accident::isThrown);
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void initializer_throwsInAnotherWorker_breaksThePoolForWhatWaits(Accident accident)
      throws Exception {
    try (var pool = openWithInitializer(accident)) {
      Stage here = stage;
      List<CompletableFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < ITEMS; i++) {
        futures.add(pool.submit(() -> here.await(Stage.GATE, 1)));
      }
      stage.await(Stage.VICTIM, 1);
      stage.words().set(Stage.GO, 1);

      Throwable first = Scene.failureOf(futures.getFirst());
      assertThat(first).isInstanceOfAny(PoolBrokenException.class, WorkerDiedException.class);
      for (var future : futures.subList(1, ITEMS)) {
        assertThat(Scene.failureOf(future))
            .isInstanceOf(PoolBrokenException.class)
            .hasCauseInstanceOf(accident.thrown());
      }
      await(() -> pids(pool).stream().allMatch(PoolFaultTest::isGone), "workers are gone");
      assertThatThrownBy(() -> pool.submit(() -> 1))
          .isInstanceOf(RejectedExecutionException.class)
          .hasRootCauseInstanceOf(accident.thrown());
    }
  }

  private static void play(Case where, Pool pool) throws Exception {
    PoolStats before = pool.stats();
    int victim =
        switch (where.point()) {
          case STARTING, IN_INITIALIZER, IDLE -> NOBODY;
          case AT_THE_END_OF_A_CHUNK -> 2 * CHUNK - 1;
          default -> 2 * CHUNK - 10;
        };
    Scene scene = new Scene(pool, stage, where, victim);
    Struck struck =
        switch (where.point()) {
          case STARTING -> strikeStarting(scene);
          case IDLE -> strikeIdle(scene);
          default -> strikeAtWork(scene);
        };
    Seen seen = struck.watching().get(20, SECONDS);
    assertThat(Duration.ofNanos(seen.at() - struck.at())).isLessThan(SOON);
    boolean isKilled = where.accident().isFromOutside() && !where.accident().isLimited();
    if (victim >= 0 && isKilled && HASTY.contains(where.watcher())) {
      assertThat(Duration.ofNanos(seen.at() - struck.at())).isLessThan(AT_ONCE);
    }
    if (victim >= 0) {
      checkFailure(where, Objects.requireNonNull(seen.failure()), struck.pid());
    }
    checkRuns(scene);
    if (!where.accident().isThrown()) {
      await(() -> isGone(struck.pid()), "what died is gone with its files");
    }
    if (where.closes()) {
      checkClosed(pool, where);
    } else {
      checkGoesOn(pool, before, where);
    }
  }

  /** What was done to whom, and who watches. */
  private record Struck(long pid, long at, Future<Seen> watching) {}

  private static Struck strikeAtWork(Scene scene) throws Exception {
    Case where = scene.where();
    Future<Seen> watching = threads.submit(scene::watch);
    boolean waits = scene.victim() >= 0;
    await(
        () -> (waits && watching.isDone()) || stage.words().get(Stage.VICTIM) != 0,
        "victim is there");
    if (waits && watching.isDone()) {
      throw new AssertionError("too early: " + watching.get());
    }
    if (where.watcher() == Watcher.CLOSE || where.watcher() == Watcher.AWAIT_TERMINATION) {
      await(() -> scene.pool().isShutdown(), "pool closes");
    }
    int pid = stage.words().get(Stage.VICTIM);
    Struck struck = new Struck(pid, System.nanoTime(), watching);
    where.accident().strike(pid);
    stage.words().set(Stage.GO, 1);
    if (where.point() == Point.OTHERS_BEHIND && where.watcher() != Watcher.TERMINATE) {
      await(() -> stage.haveRun(scene.others()), "others run elsewhere");
      stage.words().set(Stage.GATE, 1);
    }
    return struck;
  }

  /** Something that a task has left may be what ends the worker. */
  private static Struck strikeIdle(Scene scene) throws Exception {
    Accident accident = scene.where().accident();
    long pid = accident.isFromOutside() ? anyWorker(scene.pool()) : leaveAThread(scene);
    if (accident != Accident.STOPPED_AND_KILLED) {
      ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
      stage.words().set(Stage.GO, 1);
      accident.strike(pid);
      var _ = process.onExit().get(20, SECONDS);
      return new Struck(pid, System.nanoTime(), threads.submit(scene::watch));
    }
    Accident.STOPPED.strike(pid);
    await(() -> hasStopped(pid), "it has stopped"); // each of its threads hears of it by itself
    Future<Seen> watching = threads.submit(scene::watch);
    await(() -> scene.others().anyMatch(item -> stage.runs(item) > 0), "the others work");
    long at = System.nanoTime();
    accident.strike(pid);
    stage.words().set(Stage.GO, 1);
    return new Struck(pid, at, watching);
  }

  /** See proc(5). */
  private static boolean hasStopped(long pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks.allMatch(PoolFaultTest::isStopped);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isStopped(Path task) {
    try {
      return Files.readString(task.resolve("status")).contains("State:\tT");
    } catch (IOException e) {
      return true; // the thread has ended
    }
  }

  private static long leaveAThread(Scene scene) throws Exception {
    Stage here = stage;
    Accident accident = scene.where().accident();
    return scene
        .pool()
        .submit(
            () -> {
              Thread.ofPlatform().daemon().start(() -> here.meet(accident));
              return ProcessHandle.current().pid();
            })
        .get(20, SECONDS);
  }

  /** The first to take the place of another is struck when it has hardly begun. */
  private static Struck strikeStarting(Scene scene) {
    Set<Long> before = pids(scene.pool());
    Accident.KILLED.strike(anyWorker(scene.pool()));
    await(() -> !before.containsAll(pids(scene.pool())), "another is started");
    Set<Long> fresh = pids(scene.pool());
    fresh.removeAll(before);
    long pid = fresh.iterator().next();
    stage.words().set(Stage.GO, 1);
    scene.where().accident().strike(pid);
    return new Struck(pid, System.nanoTime(), threads.submit(scene::watch));
  }

  private static Set<Long> pids(Pool pool) {
    Set<Long> pids = new HashSet<>();
    pool.stats().workers().forEach(worker -> pids.add(worker.pid()));
    return pids;
  }

  private static long anyWorker(Pool pool) {
    return pool.stats().workers().stream()
        .filter(WorkerStats::alive)
        .mapToLong(WorkerStats::pid)
        .findFirst()
        .orElseThrow();
  }

  // what came of it

  private static void checkFailure(Case where, Throwable failure, long pid) {
    if (where.watcher() == Watcher.TERMINATE && failure instanceof CancellationException) {
      return;
    }
    Accident accident = where.accident();
    String task = OF_MANY.contains(where.watcher()) ? LABEL + " item " : LABEL;
    if (accident.isThrown()) {
      checkThrown(where, failure);
    } else if (accident.isLimited()) {
      assertThat(failure)
          .isInstanceOfSatisfying(
              TaskTimeoutException.class,
              e -> {
                assertThat(e.task()).startsWith(task);
                assertThat(e.limit()).isEqualTo(LIMIT);
                assertThat(e.isStalled()).isFalse();
                assertThat(e.trace().contains("spin")).isEqualTo(accident == Accident.BUSY);
              });
    } else {
      assertThat(failure)
          .isInstanceOfSatisfying(
              WorkerDiedException.class,
              e -> {
                assertThat(e.pid()).isEqualTo(pid);
                assertThat(e.exitStatus()).isEqualTo(accident.status());
                assertThat(e.task()).startsWith(task);
              });
    }
  }

  private static void checkThrown(Case where, Throwable failure) {
    Class<? extends Throwable> thrown = where.accident().thrown();
    switch (where.point()) {
      case READING -> assertThat(failure).isInstanceOf(TaskNotLoadableException.class);
      case WRITING, WRITING_MUCH ->
          assertThat(failure).isInstanceOf(ResultNotSerializableException.class);
      default -> {
        assertThat(failure).isInstanceOf(thrown);
        return;
      }
    }
    assertThat(failure).hasStackTraceContaining(thrown.getSimpleName());
  }

  private static void checkRuns(Scene scene) {
    boolean all = scene.where().watcher() != Watcher.TERMINATE;
    for (int item : scene.others().toArray()) {
      assertThat(stage.runs(item)).as("runs of item %d", item).isBetween(all ? 1 : 0, 1);
    }
    if (scene.victim() >= 0) {
      int runs = scene.where().point() == Point.READING ? 0 : 1;
      assertThat(stage.runs(scene.victim())).isEqualTo(runs);
    }
  }

  private static void checkGoesOn(Pool pool, PoolStats before, Case where) throws Exception {
    Stage here = stage;
    SerializableCallable<Integer> meeting =
        () -> {
          int _ = here.words().incrementAndGet(Stage.MET);
          here.await(Stage.MET, WORKERS);
          return 7;
        };
    for (var one : pool.invokeAll(Collections.nCopies(WORKERS, meeting), 20, SECONDS)) {
      assertThat(one.get()).isEqualTo(7);
    }
    int died = where.accident().isThrown() ? 0 : where.point() == Point.STARTING ? 2 : 1;
    assertThat(lastWorker(pool.stats()) - lastWorker(before)).isEqualTo(died);
    int done =
        WORKERS
            + ITEMS
            + (where.point() == Point.OTHERS_BEHIND ? 1 : 0)
            + (where.point() == Point.IDLE && !where.accident().isFromOutside() ? 1 : 0);
    assertThat(pool.stats().done() - before.done()).isEqualTo(done);
    int failed = WITHOUT_VICTIM.contains(where.point()) ? 0 : 1;
    assertThat(pool.stats().failed() - before.failed()).isEqualTo(failed);
    assertThat(pool.stats().queued()).isZero();
    await(() -> pool.stats().running() == 0, "it is heard that the last have ended");
  }

  /** Number of the last worker that was started. */
  private static int lastWorker(PoolStats stats) {
    return stats.workers().stream()
        .mapToInt(worker -> Integer.parseInt(worker.name().replaceFirst(".*-", "")))
        .max()
        .orElseThrow();
  }

  private static void checkClosed(Pool pool, Case where) {
    assertThat(pool.isTerminated()).isTrue();
    assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    assertThat(pool.stats().workers()).allMatch(worker -> !worker.alive());
    await(() -> pids(pool).stream().allMatch(PoolFaultTest::isGone), "workers are gone");
    assertThat(pool.stats().queued()).isZero();
    assertThat(pool.stats().running()).isZero();
    if (where.watcher() != Watcher.TERMINATE) {
      int failed = WITHOUT_VICTIM.contains(where.point()) ? 0 : 1;
      assertThat(pool.stats().failed()).isEqualTo(failed);
    }
  }

  // what is left

  private static void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean isGone(long pid) {
    return !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
        && filesOf(pid).isEmpty();
  }

  private static Set<Path> filesOf(long pid) {
    Set<Path> found = new HashSet<>();
    for (Path folder : Os.current().segmentFolders()) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> file.getFileName().toString().startsWith("procession-" + pid + "-"))
            .forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }
}
