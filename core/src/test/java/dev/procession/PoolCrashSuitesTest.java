package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.function.SerializableCallable;
import dev.procession.internal.segment.SegmentFolder;
import dev.procession.testing.Gate;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Where the suites of other pools let a process crash, and {@link PoolFaultTest} does not: in what
 * travels, in hooks, while a pool ends, and in the program itself. The cases are those of CPython's
 * {@code concurrent.futures}, of loky, of Apache Tika's pipes and of deadpool.
 */
@Timeout(60)
class PoolCrashSuitesTest {
  /** For tests that leave it as it was. */
  private static Pool shared;

  @BeforeAll
  static void open() {
    shared = Pool.processes(1);
  }

  @AfterAll
  static void close() {
    shared.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  private static void halt(int code) {
    Runtime.getRuntime().halt(code);
  }

  private static boolean isInWorker() {
    return ChildProcess.parent().isPresent();
  }

  private static void sleepWhateverHappens() {
    while (true) {
      try {
        ChildProcessTest.sleepForEver();
      } catch (InterruptedException e) {
        // that is the point
      }
    }
  }

  private static void awaitGone(long pid) {
    ChildProcessTest.await(
        () -> {
          Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
          // what an ended program has left is reaped by somebody else, some time later
          return process.isEmpty() || process.get().info().command().isEmpty();
        });
  }

  // what travels

  /** What happens where something is written or read. */
  enum Trouble {
    EXCEPTION,
    RUNTIME_EXCEPTION,
    ERROR,
    OUT_OF_MEMORY,
    STACK_OVERFLOW;

    void happen() throws IOException {
      switch (this) {
        case EXCEPTION -> throw new IOException("trouble");
        case RUNTIME_EXCEPTION -> throw new IllegalStateException("trouble");
        case ERROR -> throw new LinkageError("trouble");
        case OUT_OF_MEMORY -> throw new OutOfMemoryError("trouble");
        case STACK_OVERFLOW -> throw new StackOverflowError("trouble");
      }
    }
  }

  /** Cannot be written. */
  private static final class Unwritable implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Trouble trouble;

    Unwritable(Trouble trouble) {
      this.trouble = trouble;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      trouble.happen();
    }
  }

  @ParameterizedTest
  @EnumSource
  void argument_cannotBeWritten_failsAtTheCallAndTakesNoRoom(Trouble trouble) throws Exception {
    Unwritable unwritable = new Unwritable(trouble);
    try (Pool pool = Pool.processes(o -> o.withWorkers(1).withMaxQueued(1, Duration.ZERO))) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> pool.submit(() -> unwritable.hashCode()))
            .hasStackTraceContaining("trouble");
        assertThatThrownBy(() -> pool.map(x -> 1, List.of(unwritable)))
            .hasStackTraceContaining("trouble");
      }
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      assertThat(pool.stats().queued()).isZero();
    }
  }

  /** Cannot be written, or cannot be read in the program. */
  private static final class Odd extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Trouble trouble;
    private final boolean whenWritten;

    Odd(Trouble trouble, boolean whenWritten) {
      super("odd");
      this.trouble = trouble;
      this.whenWritten = whenWritten;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      if (whenWritten) {
        trouble.happen();
      }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (!whenWritten && !isInWorker()) {
        trouble.happen();
      }
    }
  }

  private static void checkRemote(SerializableCallable<Integer> failing) throws Exception {
    int before = shared.stats().workers().size();
    assertThatThrownBy(() -> get(shared.submit(failing)))
        .cause()
        .isInstanceOfSatisfying(
            RemoteException.class,
            e -> {
              assertThat(e.remoteType()).isEqualTo(Odd.class.getName());
              assertThat(e.remoteMessage()).isEqualTo("odd");
            });
    assertThatThrownBy(() -> shared.map(n -> failing.call(), List.of(1, 2)))
        .isInstanceOf(RemoteException.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .filteredOn(RemoteException.class::isInstance)
                    .hasSize(1));
    assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
    assertThat(shared.stats().workers()).hasSize(before);
  }

  @ParameterizedTest
  @EnumSource
  void exception_cannotBeReadHere_isRemote(Trouble trouble) throws Exception {
    checkRemote(
        () -> {
          throw new Odd(trouble, false);
        });
  }

  @ParameterizedTest
  @EnumSource
  void exception_cannotBeWritten_isRemote(Trouble trouble) throws Exception {
    checkRemote(
        () -> {
          throw new Odd(trouble, true);
        });
  }

  /** Has no message, but throws when it is asked for one. */
  private static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("expected: mute");
    }
  }

  private static RemoteException checkRemoteOnly(SerializableCallable<?> failing) throws Exception {
    int before = shared.stats().workers().size();
    RemoteException[] remote = {null};
    assertThatThrownBy(() -> get(shared.submit(failing)))
        .cause()
        .isInstanceOfSatisfying(RemoteException.class, e -> remote[0] = e);
    assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
    assertThat(shared.stats().workers()).hasSize(before);
    return remote[0];
  }

  @Test
  void exception_whoseMessageThrows_isRemote() throws Exception {
    RemoteException remote =
        checkRemoteOnly(
            () -> {
              throw new Mute();
            });
    assertThat(remote.remoteType()).isEqualTo(Mute.class.getName());
    assertThat(remote.remoteMessage()).isNull();
    assertThat(remote.remoteStackTrace())
        .startsWith(Mute.class.getName())
        .contains("\tat ")
        .contains("exception_whoseMessageThrows_isRemote");
  }

  /** Cannot say what it is once it has travelled. */
  private static final class Forgetful extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> words = List.of("not", "lost");

    @Override
    public String getMessage() {
      return String.join(" ", words);
    }
  }

  @Test
  void exception_whoseMessageThrowsHereOnly_isRemote() throws Exception {
    RemoteException remote =
        checkRemoteOnly(
            () -> {
              throw new Forgetful();
            });
    assertThat(remote.remoteType()).isEqualTo(Forgetful.class.getName());
    assertThat(remote.remoteMessage()).isEqualTo("not lost");
  }

  @Test
  void exception_withAVeryLongChainOfCauses_isRemote() throws Exception {
    RemoteException remote =
        checkRemoteOnly(
            () -> {
              Throwable deep = new IOException("first");
              for (int i = 0; i < 20_000; i++) {
                deep = new IOException("next", deep);
              }
              throw new IllegalStateException("last", deep);
            });
    assertThat(remote.remoteType()).isEqualTo(IllegalStateException.class.getName());
    assertThat(remote.remoteMessage()).isEqualTo("last");
    assertThat(remote.remoteStackTrace()).contains("Caused by: java.io.IOException: next");
  }

  /** Throws what has no message where it is read. */
  private static final class Unreadable implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) {
      throw new Mute();
    }
  }

  @Test
  void result_whoseReadingThrowsWhatHasNoMessage_fails() throws Exception {
    assertThatThrownBy(() -> get(shared.submit(() -> new Unreadable())))
        .cause()
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining(Mute.class.getName());
    assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
  }

  @Test
  void argument_whoseReadingThrowsWhatHasNoMessage_failsThatTask() throws Exception {
    Unreadable unreadable = new Unreadable();
    assertThatThrownBy(() -> get(shared.submit(() -> unreadable.hashCode())))
        .cause()
        .isInstanceOf(TaskNotLoadableException.class)
        .hasStackTraceContaining(Mute.class.getName());
    assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
  }

  @Test
  void child_throwsWhatHasNoMessage_isRemoteAndPrinted() throws Exception {
    try (var child =
        ChildProcess.start(
            o -> o.withOutput(Output.CAPTURED).withName("mute"),
            () -> {
              throw new Mute();
            })) {
      assertThat(child.join(Duration.ofSeconds(30))).isTrue();
      assertThatThrownBy(() -> get(child.result())).hasCauseInstanceOf(RemoteException.class);
      assertThat(child.exitStatus()).contains(new ExitStatus(1, false));
      assertThat(child.errorOutput())
          .startsWith("Exception in process \"mute\" " + Mute.class.getName())
          .contains("child_throwsWhatHasNoMessage_isRemoteAndPrinted");
    }
  }

  @Test
  void close_ofAWorkersValueThrowsWhatHasNoMessage_exitHookIsRun(@TempDir Path folder)
      throws Exception {
    String ran = folder.resolve("ran").toString();
    WorkerLocal<AutoCloseable> stubborn =
        WorkerLocal.of(
            () ->
                () -> {
                  throw new Mute();
                });
    try (Pool pool =
        Pool.processes(
            o ->
                o.withWorkers(1)
                    .withOutput(Output.DISCARDED)
                    .withExitHook(() -> Files.createFile(Path.of(ran))))) {
      assertThat(get(pool.submit(() -> stubborn.get() != null))).isTrue();
    }
    assertThat(Path.of(ran)).exists();
  }

  /** Ends the process that writes it. */
  private static final class Deadly extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      halt(7);
      out.defaultWriteObject();
    }
  }

  @Test
  void exception_endsWhoWritesIt_costsThatTaskOnly() throws Exception {
    try (Pool pool = Pool.processes(1)) {
      SerializableCallable<Integer> deadly =
          () -> {
            throw new Deadly();
          };
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        futures.add(i == 5 ? pool.submit(deadly) : pool.submit(() -> number));
      }
      assertThatThrownBy(() -> get(futures.get(5)))
          .cause()
          .isInstanceOfSatisfying(
              WorkerDiedException.class,
              e -> assertThat(e.exitStatus()).isEqualTo(new ExitStatus(7, false)));
      for (int i = 0; i < 20; i++) {
        if (i != 5) {
          assertThat(get(futures.get(i))).isEqualTo(i);
        }
      }
    }
  }

  /** Can only be read when the gate is open. */
  private static final class Slow extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static volatile CountDownLatch gate = new CountDownLatch(1);

    Slow() {
      super("slow");
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void exception_takesForEverToBeRead_hindersOnlyWhoWantsIt() throws Exception {
    Slow.gate = new CountDownLatch(1);
    SerializableCallable<Integer> failing =
        () -> {
          throw new Slow();
        };
    try (Pool pool = Pool.processes(1)) {
      CompletableFuture<Integer> slow = pool.submit(failing);
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      assertThat(slow.isDone()).isFalse();
      Pool patient = pool.with(t -> t.withRetry(2, e -> true));
      CompletableFuture<Integer> undecided = patient.submit(failing);
      assertThat(get(pool.submit(() -> 2))).isEqualTo(2);
      pool.shutdown();
      assertThat(undecided.isDone()).isFalse();
      Slow.gate.countDown();
      assertThatThrownBy(() -> get(slow)).cause().isInstanceOf(Slow.class);
      assertThatThrownBy(() -> get(undecided)).cause().isInstanceOf(Slow.class);
    }
  }

  /** Takes for ever to be written or read in a worker, whatever interrupts it. */
  private static final class Endless implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String begun;
    private final boolean whenWritten;

    Endless(Path begun, boolean whenWritten) {
      this.begun = begun.toString();
      this.whenWritten = whenWritten;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      if (whenWritten) {
        hang();
      }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (!whenWritten) {
        hang();
      }
    }

    private void hang() throws IOException {
      if (isInWorker()) {
        Files.createFile(Path.of(begun));
        sleepWhateverHappens();
      }
    }
  }

  private static void cancelWhenBegun(Path begun, SerializableCallable<?> task) throws Exception {
    try (Pool pool =
        Pool.processes(
            o -> o.withWorkers(1).withTasks(t -> t.withCancelGrace(Duration.ofMillis(20))))) {
      CompletableFuture<?> hanging = pool.submit(task);
      CompletableFuture<Integer> behind = pool.submit(() -> 1);
      Gate.await(begun);
      assertThat(hanging.cancel(true)).isTrue();
      assertThat(get(behind)).isEqualTo(1);
      assertThat(pool.stats().workers()).hasSize(2);
    }
  }

  @Test
  void cancel_whileTheResultIsWrittenForEver_replacesTheWorker(@TempDir Path folder)
      throws Exception {
    String begun = folder.resolve("begun").toString();
    cancelWhenBegun(Path.of(begun), () -> new Endless(Path.of(begun), true));
  }

  @Test
  void cancel_whileTheTaskIsReadForEver_replacesTheWorker(@TempDir Path folder) throws Exception {
    Endless endless = new Endless(folder.resolve("begun"), false);
    cancelWhenBegun(folder.resolve("begun"), () -> endless.hashCode());
  }

  /** Uses a pool while it is written or read in the program. */
  private static final class Busy implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      use();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      use();
    }

    private static void use() throws IOException {
      if (!isInWorker()) {
        try {
          assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
          assertThat(shared.map(n -> n, List.of(1, 2))).containsExactly(1, 2);
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    }
  }

  @Test
  void argumentAndResult_useThePoolWhileTheyTravel_arrive() throws Exception {
    Busy busy = new Busy();
    assertThat(get(shared.submit(() -> busy.hashCode()))).isNotNull();
    assertThat(get(shared.submit(() -> new Busy()))).isNotNull();
    assertThat(shared.map(n -> new Busy(), List.of(1, 2))).hasSize(2);
  }

  @Test
  void tasks_withLargeArgumentsAndResultsCrash_othersKeepTheirs() throws Exception {
    byte[] large = new byte[1 << 20];
    try (Pool pool = Pool.processes(2)) {
      List<CompletableFuture<byte[]>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        futures.add(
            pool.submit(
                () -> {
                  if (number % 7 == 3) {
                    halt(1);
                  }
                  byte[] copy = large.clone();
                  Arrays.fill(copy, (byte) number);
                  return copy;
                }));
      }
      for (int i = 0; i < 20; i++) {
        CompletableFuture<byte[]> future = futures.get(i);
        if (i % 7 == 3) {
          assertThatThrownBy(() -> get(future)).hasCauseInstanceOf(WorkerDiedException.class);
        } else {
          assertThat(get(future)).hasSize(1 << 20).containsOnly(i);
        }
      }
    }
  }

  @Test
  void submit_capturesThePool_usesIt() throws Exception {
    Pool mine = shared;
    assertThat(get(shared.submit(() -> mine.isShutdown()))).isFalse();
    assertThat(get(shared.submit(() -> mine.submit(() -> 1).get()))).isEqualTo(1);
  }

  // hooks

  @Test
  void exitHook_endsTheProcess_nothingIsLost() throws Exception {
    Pool pool =
        Pool.processes(o -> o.withWorkers(2).withMaxTasksPerWorker(1).withExitHook(() -> halt(3)));
    assertThat(pool.map(n -> n, List.of(1, 2, 3, 4))).containsExactly(1, 2, 3, 4);
    pool.close();

    assertThat(pool.stats().failed()).isZero();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void exitHook_exitsInTheOrdinaryWay_nothingIsLost() throws Exception {
    Pool pool =
        Pool.processes(
            o -> o.withWorkers(1).withMaxTasksPerWorker(1).withExitHook(() -> System.exit(3)));
    assertThat(pool.map(n -> n, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    pool.close();

    assertThat(pool.stats().failed()).isZero();
  }

  @Test
  void shutdownHookOfATask_endsTheProcess_nothingIsLost() throws Exception {
    try (Pool pool = Pool.processes(o -> o.withWorkers(1).withMaxTasksPerWorker(2))) {
      List<Integer> results =
          pool.map(
              n -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> halt(9)));
                return n;
              },
              List.of(1, 2, 3, 4, 5));
      assertThat(results).containsExactly(1, 2, 3, 4, 5);
      assertThat(pool.stats().failed()).isZero();
    }
  }

  @Test
  void shutdownHookOfATask_neverEnds_isKilled() throws Exception {
    Pool pool = Pool.processes(1);
    SerializableCallable<Long> leaving =
        () -> {
          Runtime.getRuntime()
              .addShutdownHook(new Thread(PoolCrashSuitesTest::sleepWhateverHappens));
          return ProcessHandle.current().pid();
        };
    long pid = get(pool.submit(leaving));
    pool.close();

    assertThat(pool.isTerminated()).isTrue();
    awaitGone(pid);
  }

  @Test
  void initializer_alwaysEndsTheProcess_throwsAtTheCall() {
    assertThatThrownBy(() -> Pool.processes(o -> o.withWorkers(2).withInitializer(() -> halt(3))))
        .isInstanceOf(ProcessStartException.class)
        .hasMessageContaining("initializer")
        .hasMessageContaining("code 3");
  }

  @Test
  void initializer_alwaysEndsTheProcessOfAnElasticPool_failsWhatWaitsAndWhatComes()
      throws Exception {
    try (Pool pool = Pool.processes(o -> o.withWorkers(0, 1).withInitializer(() -> halt(3)))) {
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        futures.add(pool.submit(() -> 1));
      }
      for (CompletableFuture<Integer> future : futures) {
        assertThatThrownBy(() -> get(future))
            .hasCauseInstanceOf(PoolBrokenException.class)
            .satisfies(e -> assertThat(Execution.of(e)).isEqualTo(Execution.NOT_STARTED));
      }
      assertThatThrownBy(() -> pool.submit(() -> 1))
          .isInstanceOf(RejectedExecutionException.class)
          .hasCauseInstanceOf(PoolBrokenException.class);
    }
  }

  @Test
  void initializer_endsTheFirstTwoProcesses_theThirdRunsWhatWaits(@TempDir Path folder)
      throws Exception {
    String path = folder.toString();
    try (Pool pool =
        Pool.processes(
            o ->
                o.withWorkers(0, 1)
                    .withInitializer(
                        () -> {
                          Files.createTempFile(Path.of(path), "start-", "");
                          if (filesIn(path).length < 3) {
                            halt(3);
                          }
                        }))) {
      assertThat(get(pool.submit(() -> filesIn(path).length))).isEqualTo(3);
    }
  }

  private static String[] filesIn(String path) {
    return Path.of(path).toFile().list();
  }

  // the end of a pool

  @Test
  void processes_interruptedWhileTheyOpen_leaveNoPipe() {
    for (int round = 0; round < 20; round++) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Pool.processes(1)).isInstanceOf(ProcessStartException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
    String folder = SegmentFolder.newPath("none").getParent().toString();
    String mine = "procession-" + ProcessHandle.current().pid() + "-";
    ChildProcessTest.await(
        () ->
            Stream.of(filesIn(folder))
                .noneMatch(name -> name.startsWith(mine) && name.endsWith(".pipe")));
  }

  @Test
  void shutdown_whileTheOnlyWorkerDies_whatIsQueuedRuns() throws Exception {
    Pool pool = Pool.processes(1);
    CompletableFuture<?> deadly = pool.submit(() -> halt(3));
    List<CompletableFuture<Integer>> queued = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      queued.add(pool.submit(() -> number));
    }
    pool.shutdown();
    assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
    pool.close();

    assertThatThrownBy(() -> get(deadly)).hasCauseInstanceOf(WorkerDiedException.class);
    assertThat(queued.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(190);
  }

  @Test
  void close_whileEveryTaskEndsItsWorker_returns() {
    Pool pool = Pool.processes(2);
    List<CompletableFuture<?>> deadly = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      deadly.add(pool.submit(() -> halt(3)));
    }
    pool.close();

    assertThat(deadly)
        .allSatisfy(one -> assertThat(one.exceptionNow()).isInstanceOf(WorkerDiedException.class));
    assertThat(pool.stats().failed()).isEqualTo(6);
  }

  @Test
  void close_whileAnIdleWorkerIsKilled_returns() throws Exception {
    for (int round = 0; round < 3; round++) {
      Pool pool = Pool.processes(1);
      long pid = get(pool.submit(() -> ProcessHandle.current().pid()));
      CompletableFuture<Integer> last = pool.submit(() -> 7);
      Thread closing = Thread.ofPlatform().daemon().start(pool::close);
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      assertThat(closing.join(Duration.ofSeconds(30))).isTrue();
      assertThat(last).isDone();
      assertThat(pool.isTerminated()).isTrue();
    }
  }

  @Test
  void terminate_whileAWorkerIsReplaced_leavesNone() throws Exception {
    for (int round = 0; round < 3; round++) {
      Pool pool = Pool.processes(1);
      CompletableFuture<?> deadly = pool.submit(() -> halt(3));
      CompletableFuture<?> behind = pool.submit(ChildProcessTest::sleepForEver);
      assertThatThrownBy(() -> get(deadly)).hasCauseInstanceOf(WorkerDiedException.class);
      pool.terminate();

      assertThatThrownBy(() -> get(behind)).isInstanceOf(CancellationException.class);
      for (WorkerStats worker : pool.stats().workers()) {
        awaitGone(worker.pid());
      }
    }
  }

  // many crashes

  @Test
  void tasks_endTheirProcessesAtRandom_othersKeepTheirResults() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<Integer> deadly = new HashSet<>();
    while (deadly.size() < 12) {
      deadly.add(random.nextInt(300));
    }
    try (Pool pool = Pool.processes(2)) {
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int number = i;
        boolean ends = deadly.contains(i);
        futures.add(
            pool.submit(
                () -> {
                  if (ends) {
                    halt(number % 100);
                  }
                  return number;
                }));
      }
      for (int i = 0; i < 300; i++) {
        CompletableFuture<Integer> future = futures.get(i);
        int number = i;
        if (deadly.contains(i)) {
          assertThatThrownBy(() -> get(future))
              .as("seed=%d", seed)
              .cause()
              .isInstanceOfSatisfying(
                  WorkerDiedException.class,
                  e -> assertThat(e.exitStatus()).isEqualTo(new ExitStatus(number % 100, false)));
        } else {
          assertThat(get(future)).as("seed=%d", seed).isEqualTo(i);
        }
      }
      assertThat(pool.stats().failed()).isEqualTo(12);
    }
  }

  /** All of the heap, in a worker. */
  private static final List<Object> HOARD = new ArrayList<>();

  private static int fillHeap() {
    while (HOARD.size() < Integer.MAX_VALUE) {
      HOARD.add(new long[1 << 14]);
    }
    return HOARD.size();
  }

  @Test
  void tasks_runOutOfMemoryAgainAndAgain_othersKeepTheirResults() throws Exception {
    try (Pool pool =
        Pool.processes(o -> o.withWorkers(2).withMaxHeap("24m").withOutput(Output.DISCARDED))) {
      List<CompletableFuture<Integer>> good = new ArrayList<>();
      for (int round = 0; round < 5; round++) {
        CompletableFuture<Integer> greedy = pool.submit(PoolCrashSuitesTest::fillHeap);
        assertThatThrownBy(() -> get(greedy))
            .cause()
            .isInstanceOfAny(OutOfMemoryError.class, WorkerDiedException.class);
        for (int i = 0; i < 10; i++) {
          int number = 10 * round + i;
          good.add(
              pool.with(t -> t.withRetry(10, e -> true))
                  .submit(
                      () -> {
                        HOARD.clear();
                        return new byte[1000 + number].length;
                      }));
        }
      }
      for (int i = 0; i < 50; i++) {
        assertThat(get(good.get(i))).isEqualTo(1000 + i);
      }
    }
  }

  // other processes

  @Test
  void child_startedBesideAPool_neitherKeepsTheOther(@TempDir Path folder) throws Exception {
    String gate = folder.resolve("gate").toString();
    Pool pool = Pool.processes(1);
    long worker = get(pool.submit(() -> ProcessHandle.current().pid()));
    try (var child = ChildProcess.call(() -> useAPoolAndWait(Path.of(gate)))) {
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      pool.close();
      awaitGone(worker);
      assertThat(child.isAlive()).isTrue();
      Files.createFile(Path.of(gate));
      assertThat(get(child.result())).isEqualTo(6);
    }
  }

  private static int useAPoolAndWait(Path gate) throws Exception {
    try (Pool pool = Pool.processes(1)) {
      int sum = pool.map(n -> n, List.of(1, 2, 3)).stream().mapToInt(n -> n).sum();
      Gate.await(gate);
      return sum;
    }
  }

  /** What a program does with a pool that it does not close. */
  private interface Program extends Serializable {
    void run(Pool pool) throws Exception;
  }

  /** Runs a program that writes who its worker is, and returns its exit status at its end. */
  private static ExitStatus play(Path folder, Program program) throws Exception {
    String file = folder.resolve("worker").toString();
    try (var child =
        ChildProcess.start(
            () -> {
              Pool pool = Pool.processes(1);
              long pid = get(pool.submit(() -> ProcessHandle.current().pid()));
              Files.writeString(Path.of(file), "" + pid);
              program.run(pool);
            })) {
      assertThat(child.join(Duration.ofSeconds(30))).isTrue();
      awaitGone(Long.parseLong(Files.readString(Path.of(file))));
      return child.exitStatus().orElseThrow();
    }
  }

  @Test
  void program_endsWithPendingFutures_takesItsWorkersWithIt(@TempDir Path folder) throws Exception {
    ExitStatus status =
        play(
            folder,
            pool -> {
              for (int i = 0; i < 3; i++) {
                CompletableFuture<?> _ = pool.submit(ChildProcessTest::sleepForEver);
              }
            });
    assertThat(status).isEqualTo(new ExitStatus(0, false));
  }

  @Test
  void program_exitsInACallback_takesItsWorkersWithIt(@TempDir Path folder) throws Exception {
    ExitStatus status =
        play(
            folder,
            pool -> {
              CompletableFuture<?> _ = pool.submit(() -> 1).thenRun(() -> System.exit(5));
              ChildProcessTest.sleepForEver();
            });
    assertThat(status).isEqualTo(new ExitStatus(5, false));
  }

  @Test
  void program_usesThePoolInAShutdownHook_ends(@TempDir Path folder) throws Exception {
    String seen = folder.resolve("seen").toString();
    ExitStatus status =
        play(
            folder,
            pool -> {
              Thread hook =
                  new Thread(
                      () -> {
                        try {
                          Files.writeString(Path.of(seen), "" + get(pool.submit(() -> 7)));
                        } catch (Exception e) {
                          throw new IllegalStateException(e);
                        }
                      });
              Runtime.getRuntime().addShutdownHook(hook);
            });
    assertThat(status).isEqualTo(new ExitStatus(0, false));
    assertThat(Path.of(seen)).hasContent("7");
  }

  @Test
  void program_closesThePoolInAShutdownHook_whatWasSubmittedRuns(@TempDir Path folder)
      throws Exception {
    String ran = folder.resolve("ran").toString();
    ExitStatus status =
        play(
            folder,
            pool -> {
              for (int i = 0; i < 5; i++) {
                CompletableFuture<?> _ =
                    pool.submit(() -> Files.createTempFile(Path.of(ran).getParent(), "ran-", ""));
              }
              Runtime.getRuntime().addShutdownHook(new Thread(pool::close));
            });
    assertThat(status).isEqualTo(new ExitStatus(0, false));
    assertThat(filesIn(folder.toString())).hasSize(6);
  }
}
