package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.function.SerializableCallable;
import dev.procession.testing.Gate;
import dev.procession.testing.PoolKind;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How many workers a pool has, and what each of them has, whatever they are. */
@ParameterizedClass(name = "{0}")
@EnumSource(PoolKind.class)
@Timeout(60)
class PoolWorkersTest {
  @Parameter PoolKind kind;

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  private static long alive(Pool pool) {
    return pool.stats().workers().stream().filter(WorkerStats::alive).count();
  }

  // how many workers

  private static void awaitAlive(Pool pool, int count) throws InterruptedException {
    while (alive(pool) != count) {
      Thread.sleep(Duration.ofMillis(5));
    }
  }

  /** Tasks that are done when all of them run at the same time. */
  private static void meet(Pool pool, Path folder, int count) throws Exception {
    String files = folder.resolve("met-" + System.nanoTime() + "-").toString();
    List<Future<?>> meeting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String mine = files + i;
      meeting.add(
          pool.submit(
              () -> {
                Files.createFile(Path.of(mine));
                for (int other = 0; other < count; other++) {
                  Gate.await(files + other);
                }
              }));
    }
    for (Future<?> one : meeting) {
      get(one);
    }
  }

  @Test
  void workers_fromNoneOn_comeWithTheWorkAndGoWhenIdle(@TempDir Path folder) throws Exception {
    try (Pool pool = kind.open(o -> o.withWorkers(0, 3).withIdleTimeout(Duration.ofMillis(700)))) {
      assertThat(pool.stats().workers()).isEmpty();
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      assertThat(pool.stats().workers()).hasSize(1);

      meet(pool, folder, 3);
      assertThat(alive(pool)).isEqualTo(3);
      awaitAlive(pool, 0);

      meet(pool, folder, 2);
    }
  }

  @Test
  void workers_idle_leastStay(@TempDir Path folder) throws Exception {
    try (Pool pool = kind.open(o -> o.withWorkers(1, 2).withIdleTimeout(Duration.ZERO))) {
      meet(pool, folder, 2);
      awaitAlive(pool, 1);
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      assertThat(alive(pool)).isEqualTo(1);
    }
  }

  @Test
  void workers_moreThanThereIsWorkFor_doNotCome() throws Exception {
    try (Pool pool = kind.open(o -> o.withWorkers(1, 8))) {
      for (int i = 0; i < 20; i++) {
        assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      }
      assertThat(pool.stats().workers()).hasSize(1);
    }
  }

  @Test
  void workers_fewAndAChunkOfMany_othersComeForItsItems(@TempDir Path folder) throws Exception {
    String path = folder.resolve("item-").toString();
    try (Pool pool = kind.open(o -> o.withWorkers(1, 2))) {
      List<Integer> met =
          pool.with(t -> t.withChunkSize(2))
              .map(
                  n -> {
                    Files.createFile(Path.of(path + n));
                    Gate.await(path + (1 - n));
                    return n;
                  },
                  List.of(0, 1));
      assertThat(met).containsExactly(0, 1);
    }
  }

  @Test
  void resize_toMore_runsMoreAtATime(@TempDir Path folder) throws Exception {
    try (Pool pool = kind.open(1)) {
      pool.resize(3);
      meet(pool, folder, 3);
      assertThat(alive(pool)).isEqualTo(3);
    }
  }

  @Test
  void resize_toLess_endsThoseThatAreIdleAtOnceAndOthersAfterTheirTask(@TempDir Path folder)
      throws Exception {
    String gate = folder.resolve("gate").toString();
    try (Pool pool = kind.open(3)) {
      meet(pool, folder, 3);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        String begun = folder.resolve("begun" + i).toString();
        running.add(
            pool.submit(
                () -> {
                  Files.createFile(Path.of(begun));
                  Gate.await(gate);
                }));
        Gate.await(begun);
      }
      pool.resize(1);
      awaitAlive(pool, 2);
      Files.createFile(Path.of(gate));
      for (Future<?> one : running) {
        get(one);
      }
      awaitAlive(pool, 1);
      assertThat(pool.map(n -> n + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
      assertThat(pool.stats().failed()).isZero();
    }
  }

  @Test
  void resize_whileMapping_losesAndRepeatsNothing() throws Exception {
    List<Integer> items = IntStream.range(0, 20_000).boxed().toList();
    try (Pool pool = kind.open(2)) {
      CompletableFuture<List<Integer>> mapped = pool.mapAsync(n -> n + 1, items);
      for (int i = 0; !mapped.isDone(); i++) {
        pool.resize(1 + i % 3);
        Thread.sleep(Duration.ofMillis(2));
      }
      assertThat(get(mapped)).isEqualTo(IntStream.rangeClosed(1, 20_000).boxed().toList());
      assertThat(pool.stats().done()).isEqualTo(20_000);
    }
  }

  @Test
  void resize_toNumbersThatCannotBe_isRefused() {
    try (Pool pool = kind.open(1)) {
      assertThatThrownBy(() -> pool.resize(0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> pool.resize(-1, 2)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> pool.resize(3, 2)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> kind.open(o -> o.withWorkers(3, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // what workers have

  /** Says in a file that it was made and closed. */
  private record Noted(String file) implements AutoCloseable {
    static Noted in(Path folder) throws IOException {
      Path file = Files.createTempFile(folder, "made-", "");
      return new Noted(file.toString());
    }

    @Override
    public void close() throws IOException {
      Files.delete(Path.of(file));
    }
  }

  private static List<String> names(Path folder) {
    return List.of(Objects.requireNonNull(folder.toFile().list()));
  }

  @Test
  void workerLocal_isMadeOncePerWorkerAndClosedAtItsEnd(@TempDir Path folder) throws Exception {
    Path made = Files.createDirectory(folder.resolve("made"));
    String path = made.toString();
    WorkerLocal<Noted> local = WorkerLocal.of(() -> Noted.in(Path.of(path)));
    try (Pool pool = kind.open(2)) {
      meet(pool, folder, 2);
      List<String> used =
          pool.map(n -> local.get().file(), IntStream.range(0, 200).boxed().toList());
      Set<String> workers = Set.copyOf(used);
      assertThat(workers).hasSizeBetween(1, 2);
      assertThat(names(made)).hasSameSizeAs(workers);
      WorkerLocal<Noted> other = WorkerLocal.of(() -> Noted.in(Path.of(path)));
      assertThat(get(pool.submit(() -> other.get().file()))).isNotIn(workers);
    }
    assertThat(names(made)).isEmpty();
  }

  /** Makes itself. */
  private static final class Endless {
    static final WorkerLocal<Object> LOCAL = WorkerLocal.of(() -> Endless.LOCAL.get());
  }

  @Test
  void workerLocal_thatNeedsItself_isRefused() {
    try (Pool pool = kind.open(1)) {
      assertThatThrownBy(() -> get(pool.submit(() -> Endless.LOCAL.get())))
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("needs itself");
    }
  }

  @Test
  void workerLocal_cannotBeMade_isTriedAgain(@TempDir Path folder) throws Exception {
    String file = folder.resolve("there").toString();
    WorkerLocal<String> local = WorkerLocal.of(() -> Files.readString(Path.of(file)));
    try (Pool pool = kind.open(1)) {
      assertThatThrownBy(() -> get(pool.submit(() -> local.get())))
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("NoSuchFileException");
      Files.writeString(Path.of(file), "now");
      assertThat(get(pool.submit(() -> local.get()))).isEqualTo("now");
    }
  }

  @Test
  void exitHook_runsAtTheEndOfEachWorkerThatIsNotKilled(@TempDir Path folder) throws Exception {
    Path ended = Files.createDirectory(folder.resolve("ended"));
    String path = ended.toString();
    UnaryOperator<PoolOptions<?>> hooked =
        o -> o.withWorkers(2).withExitHook(() -> Files.createTempFile(Path.of(path), "ended-", ""));
    try (Pool pool = kind.open(hooked)) {
      meet(pool, folder, 2);
      assertThat(names(ended)).isEmpty();
      pool.resize(1);
      awaitAlive(pool, 1);
      assertThat(names(ended)).hasSize(1);
    }
    assertThat(names(ended)).hasSize(2);

    Pool terminated = kind.open(hooked);
    terminated.terminate();
    assertThat(names(ended)).hasSize(2);
  }

  @Test
  void exitHook_fails_othersRunAllTheSame(@TempDir Path folder) throws Exception {
    Path made = Files.createDirectory(folder.resolve("made"));
    String path = made.toString();
    WorkerLocal<Noted> local = WorkerLocal.of(() -> Noted.in(Path.of(path)));
    WorkerLocal<AutoCloseable> failing =
        WorkerLocal.of(
            () ->
                () -> {
                  throw new IOException("expected: a test closes what fails");
                });
    try (Pool pool = kind.open(1)) {
      assertThat(get(pool.submit(() -> local.get().file()))).isNotEmpty();
      assertThat(get(pool.submit(() -> failing.get() != null))).isTrue();
    }
    assertThat(names(made)).isEmpty();
  }

  @Test
  void broadcast_isTheSameForAllTasksOfAWorker() throws Exception {
    Map<String, Integer> sizes = new HashMap<>(Map.of("one", 1, "two", 2));
    try (Broadcast<Map<String, Integer>> index = Broadcast.of(sizes);
        Pool pool = kind.open(2)) {
      assertThat(pool.map(word -> index.value().get(word), List.of("one", "two", "one")))
          .containsExactly(1, 2, 1);
      List<Integer> identities =
          pool.map(
              n -> System.identityHashCode(index.value()),
              IntStream.range(0, 200).boxed().toList());
      assertThat(Set.copyOf(identities)).hasSizeLessThanOrEqualTo(2);
    }
  }

  private static void collect() throws InterruptedException {
    System.gc();
    Thread.sleep(Duration.ofMillis(10));
  }

  /** Submits to a pool that is not closed, and forgets it. */
  private CompletableFuture<Integer> useAndForget(Path folder) {
    String gate = folder.resolve("gate").toString();
    String ended = folder.resolve("ended").toString();
    Pool pool =
        kind.open(o -> o.withWorkers(1).withExitHook(() -> Files.createFile(Path.of(ended))));
    SerializableCallable<Integer> task =
        () -> {
          Gate.await(gate);
          return 1;
        };
    return pool.submit(task);
  }

  @Test
  void forgotten_endsWhenItsWorkIsDone(@TempDir Path folder) throws Exception {
    CompletableFuture<Integer> pending = useAndForget(folder);
    for (int i = 0; i < 5; i++) {
      collect();
    }
    assertThat(folder.resolve("ended")).doesNotExist();
    Files.createFile(folder.resolve("gate"));
    assertThat(get(pending)).isOne();

    while (!Files.exists(folder.resolve("ended"))) {
      collect();
    }
  }

  /** Of the worker's JVM. */
  private static final class LastArgument {
    static volatile WeakReference<Object> seen = new WeakReference<>(null);
  }

  private static WeakReference<Object> mapOne(Pool pool) throws InterruptedException {
    byte[] argument = new byte[1000];
    List<Integer> lengths =
        pool.map(
            bytes -> {
              LastArgument.seen = new WeakReference<>(bytes);
              return bytes.length;
            },
            List.of(argument));
    assertThat(lengths).containsExactly(1000);
    return new WeakReference<>(argument);
  }

  @Test
  void argument_ofATaskThatIsDone_isReleasedOnBothSides() throws Exception {
    try (Pool pool = kind.open(1)) {
      WeakReference<Object> here = mapOne(pool);
      SerializableCallable<Boolean> isReleased =
          () -> {
            System.gc();
            return LastArgument.seen.get() == null;
          };
      while (here.get() != null || !get(pool.submit(isReleased))) {
        collect();
      }
    }
  }

  @Test
  void result_thatNobodyHas_isReleased() throws Exception {
    try (Pool pool = kind.open(1)) {
      var result = new WeakReference<Object>(get(pool.submit(() -> new byte[1000])));
      while (result.get() != null) {
        collect();
      }
    }
  }
}
