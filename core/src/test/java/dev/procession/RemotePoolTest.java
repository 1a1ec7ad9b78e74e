package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.channel.Connection;
import dev.procession.channel.Pipe;
import dev.procession.function.SerializableCallable;
import dev.procession.manager.ManagerException;
import dev.procession.memory.SharedInt;
import dev.procession.testing.Gate;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool of another process. */
@Timeout(60)
class RemotePoolTest {
  /** A process that has a pool, and sends it here. */
  private record Owner(ChildProcess<?> process, Connection connection, Pool pool)
      implements AutoCloseable {
    static Owner start() throws Exception {
      Pipe pipe = Pipe.open();
      Connection its = pipe.second();
      ChildProcess<?> process = ChildProcess.start(() -> serve(its));
      return new Owner(process, pipe.first(), (Pool) pipe.first().receive());
    }

    private static void serve(Connection connection) throws Exception {
      try (Pool pool = Pool.processes(2)) {
        connection.send(pool);
        connection.receive();
      }
    }

    @Override
    public void close() throws Exception {
      connection.send("end");
      process.join();
      connection.close();
    }
  }

  private static Owner owner;
  private static Pool pool;

  @BeforeAll
  static void start() throws Exception {
    owner = Owner.start();
    pool = owner.pool();
  }

  @AfterAll
  static void end() throws Exception {
    owner.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  private static final List<Integer> NUMBERS = IntStream.range(0, 300).boxed().toList();

  private static List<Integer> squares() {
    return NUMBERS.stream().map(n -> n * n).toList();
  }

  @Test
  void submit_runsInWorkerOfItsOwner() throws Exception {
    assertThat(get(pool.submit(() -> ProcessHandle.current().parent().orElseThrow().pid())))
        .isEqualTo(owner.process().pid());
  }

  @Test
  void submit_ofPlainCallable_isRefusedHere() {
    Callable<Object> plain = Object::new;

    assertThatThrownBy(() -> pool.submit(plain)).isInstanceOf(TaskNotSerializableException.class);
  }

  @Test
  void submit_capturingWhatCannotTravel_isRefusedHere() {
    Thread thread = Thread.currentThread();

    assertThatThrownBy(() -> pool.submit(() -> thread.getName()))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("java.lang.Thread");
  }

  @Test
  void maps_giveResults() throws Exception {
    assertThat(pool.map(n -> n * n, NUMBERS)).isEqualTo(squares());
    assertThat(get(pool.mapAsync(n -> n * n, NUMBERS))).isEqualTo(squares());
    assertThat(pool.starmap((Integer a, Integer b) -> a + b, List.of(Map.entry(1, 2))))
        .containsExactly(3);
    assertThat(get(pool.starmapAsync((Integer a, Integer b) -> a + b, List.of(Map.entry(3, 4)))))
        .containsExactly(7);
  }

  @Test
  void map_withProgress_tellsOfEach() throws Exception {
    List<Long> heard = new ArrayList<>();

    var _ = pool.map(n -> n, List.of(1, 2, 3), (done, total) -> heard.add(done));

    assertThat(heard).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void mapAsync_withProgress_tellsOfAllAndIsThereWhenItsTaskHasEnded() throws Exception {
    List<Long> heard = new CopyOnWriteArrayList<>();
    assertThat(get(pool.mapAsync(n -> n * n, NUMBERS, (done, total) -> heard.add(done))))
        .isEqualTo(squares());
    assertThat(heard).isSorted().startsWith(0L).endsWith(300L);

    try (var own = Pool.processes(1);
        var sum = SharedInt.open(0)) {
      var task =
          own.submit(
              () -> {
                var _ = own.mapAsync(n -> sum.addAndGet(n), NUMBERS, (done, total) -> {});
              });
      get(task); // it has not waited for what it has submitted
      own.close();
      assertThat(sum.get()).isEqualTo(300 * 299 / 2);
    }
  }

  @Test
  void map_ofFailingItems_throwsTheFirst() {
    assertThatThrownBy(() -> pool.map(n -> 1 / (n % 2), List.of(1, 2, 3, 4)))
        .isInstanceOf(ArithmeticException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void imap_overEndlessInput_givesResultsInOrder() {
    Iterable<Integer> endless = () -> Stream.iterate(0, n -> n + 1).iterator();

    try (Results<Integer> results = pool.imap(n -> n * n, endless)) {
      for (int square : squares()) {
        assertThat(results.next()).isEqualTo(square);
      }
    }
  }

  @Test
  void imapUnordered_givesAll() {
    try (Results<Integer> results = pool.imapUnordered(n -> n * n, NUMBERS)) {
      assertThat((Iterable<Integer>) results).containsExactlyInAnyOrderElementsOf(squares());
      assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void mapping_givesResultsInOrder() {
    assertThat(NUMBERS.stream().gather(pool.mapping((Integer n) -> n * n)).toList())
        .isEqualTo(squares());
  }

  @Test
  void invokeAll_andAny_give() throws Exception {
    SerializableCallable<Integer> one = () -> 1;
    SerializableCallable<Integer> failing =
        () -> {
          throw new IllegalStateException("no");
        };

    List<Future<Integer>> all = pool.invokeAll(List.of(one, one));
    assertThat(all).extracting(Future::resultNow).containsExactly(1, 1);
    assertThat(pool.invokeAny(List.of(failing, one))).isEqualTo(1);
  }

  @Test
  void cancel_interruptsThere(@TempDir Path folder) throws Exception {
    String files = folder.toString();
    Future<?> future = pool.submit(() -> Gate.awaitInterrupt(files));
    Gate.await(folder.resolve("begun"));

    assertThat(future.cancel(true)).isTrue();

    Gate.await(folder.resolve("interrupted"));
  }

  /** The same pool, as it arrives in this process once more. */
  private static Pool arrivedAgain() throws Exception {
    Pipe pipe = Pipe.open();
    try (Connection sending = pipe.first();
        Connection receiving = pipe.second()) {
      sending.send(pool);
      return (Pool) receiving.receive();
    }
  }

  @Test
  void cancel_ofTaskOfOneCopy_isNotOfTaskOfAnother(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    Pool one = arrivedAgain();
    Pool other = arrivedAgain();
    Future<?> unwanted = one.submit(() -> Gate.await(gate));
    Future<Integer> wanted =
        other.submit(
            () -> {
              Gate.await(gate);
              return 2;
            });

    assertThat(unwanted.cancel(true)).isTrue();
    get(pool.submit(() -> 1)); // the owner has heard of it
    Files.createFile(Path.of(gate));

    assertThat(get(wanted)).isEqualTo(2);
  }

  @Test
  void with_otherOptions_areHeeded() {
    Pool hasty = pool.with(o -> o.withHardTimeout(Duration.ofMillis(200)).withLabel("hasty"));

    assertThatThrownBy(() -> get(hasty.submit(RemotePoolTest::spin)))
        .hasCauseInstanceOf(TaskTimeoutException.class)
        .hasMessageContaining("hasty");
  }

  private static void spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  @Test
  void with_retries_thatCanTravel_areHeeded(@TempDir Path folder) throws Exception {
    String file = folder.resolve("ran").toString();
    Pool patient = pool.with(o -> o.withRetry(2, (Predicate<Throwable> & Serializable) e -> true));

    Future<String> failure =
        patient
            .submit(() -> failOnce(file))
            .handle((value, why) -> String.valueOf(why.getMessage()));

    assertThat(get(failure)).contains(file); // which is there the second time
  }

  private static void failOnce(String file) throws IOException {
    Files.createFile(Path.of(file));
    throw new IllegalStateException("once");
  }

  @Test
  void with_retries_thatCannotTravel_areRefusedHere() {
    Pool patient = pool.with(o -> o.withRetry(2, e -> true));

    assertThatThrownBy(() -> patient.submit(() -> 1))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("retried");
  }

  @Test
  void view_travelsOn_withItsOptions() throws Exception {
    Pool labelled = pool.with(o -> o.withLabel("labelled").withHardTimeout(Duration.ofMillis(300)));
    try (var child = ChildProcess.call(() -> timeout(labelled))) {
      assertThat(get(child.result())).contains("labelled");
    }
  }

  private static String timeout(Pool its) throws Exception {
    return get(its.submit(RemotePoolTest::spin).handle((v, e) -> String.valueOf(e.getMessage())));
  }

  @Test
  void stats_andResize_areItsOwners() throws Exception {
    get(pool.submit(() -> 1));
    assertThat(pool.stats().workers()).isNotEmpty();
    assertThat(pool.stats().done()).isPositive();

    pool.resize(3);
    var pids = new HashSet<Long>();
    while (pids.size() < 3) {
      pids.addAll(
          pool.map(
              n -> {
                Thread.sleep(10);
                return ProcessHandle.current().pid();
              },
              List.of(1, 2, 3, 4, 5, 6)));
    }
    pool.resize(2);
  }

  @Test
  void task_thatHoldsPool_isRunAgainAfterItsWorkerDied(@TempDir Path folder) throws Exception {
    String file = folder.resolve("died").toString();
    Pool other = pool; // the field is another there
    try (Pool own = Pool.processes(1)) {
      Pool patient = own.with(o -> o.withRetry(2, e -> e instanceof WorkerDiedException));

      int result =
          get(
              patient.submit(
                  () -> {
                    if (!Files.exists(Path.of(file))) {
                      Files.createFile(Path.of(file));
                      Runtime.getRuntime().halt(3);
                    }
                    return other.submit(() -> 1).get() + own.submit(() -> 2).get();
                  }));

      assertThat(result).isEqualTo(3);
    }
  }

  @Test
  void close_byHolder_closesIt() throws Exception {
    try (Owner other = Owner.start()) {
      CompletableFuture<Integer> last = other.pool().submit(() -> 5);

      other.pool().close();

      assertThat(last.resultNow()).isEqualTo(5);
      assertThat(other.pool().isShutdown()).isTrue();
      assertThat(other.pool().isTerminated()).isTrue();
      assertThatThrownBy(() -> get(other.pool().submit(() -> 1)))
          .hasCauseInstanceOf(RejectedExecutionException.class);
    }
  }

  @Test
  void ownersDeath_endsWhatWaits() throws Exception {
    Owner other = Owner.start();
    Future<?> waiting = other.pool().submit(() -> Thread.sleep(Duration.ofHours(1)));

    other.process().kill();

    assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(ManagerException.class);
    assertThatThrownBy(() -> other.pool().submit(() -> 1)).isInstanceOf(ManagerException.class);
    other.connection().close();
    other.process().join();
  }
}
