package dev.procession;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.internal.os.Os;
import dev.procession.testing.Gate;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pools of processes: what they compute, and what they do when workers, tasks or users misbehave.
 */
class PoolTest {
  /** For tests that leave it as it was. */
  private static Pool shared;

  @BeforeAll
  static void open() {
    shared = Pool.processes(2);
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

  @Nested
  class Mapping {
    @Test
    void map_itemsOfUnevenCost_areSharedOut() throws Exception {
      List<Integer> items = IntStream.range(0, 200).boxed().toList();
      SerializableFunction<Integer, Long> uneven =
          n -> {
            if (n < 100) {
              Thread.sleep(Duration.ofMillis(5));
            }
            return ProcessHandle.current().pid();
          };

      List<Long> pids = shared.map(uneven, items);

      long first = pids.subList(0, 100).stream().filter(pids.getFirst()::equals).count();
      assertThat(first).isBetween(20L, 80L);
    }

    @Test
    void map_largeItemsAndResults_travel() throws Exception {
      List<byte[]> items = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        byte[] item = new byte[1 << 20];
        Arrays.fill(item, (byte) i);
        items.add(item);
      }

      List<byte[]> copies = shared.map(bytes -> bytes, items);

      assertThat(copies).hasSize(5);
      assertThat(copies.get(4)).isEqualTo(items.get(4));
    }

    @Test
    void map_itemCannotTravel_throwsAtTheCall() throws Exception {
      assertThatThrownBy(() -> shared.map(x -> 1, List.of("fine", new Object())))
          .isInstanceOf(TaskNotSerializableException.class)
          .hasMessageContaining("java.lang.Object");
      assertThat(shared.map(x -> x, List.of(1))).containsExactly(1);
    }

    @Test
    void map_functionsWithLargeCaptures_areForgottenByTheWorker() throws Exception {
      try (var pool = Pool.processes(o -> o.withWorkers(1).withMaxHeap("24m"))) {
        for (int i = 0; i < 40; i++) {
          byte[] large = new byte[1 << 20];

          assertThat(pool.map(n -> n + large.length, List.of(1))).containsExactly(1 + (1 << 20));
        }
        assertThat(pool.stats().workers()).hasSize(1); // the worker has not died of it
      }
    }
  }

  @Nested
  class Imapping {}

  @Nested
  class Submitting {
    @Test
    void submit_plainCallable_isRefusedAtTheCall() {
      Callable<Integer> plain = () -> 2;

      assertThatThrownBy(() -> shared.submit(plain))
          .isInstanceOf(TaskNotSerializableException.class)
          .hasMessageContaining("dev.procession.function");
    }

    @Test
    void submit_argumentChangedAfterwards_isNotSeen() throws Exception {
      List<Integer> list = new ArrayList<>(List.of(1));
      SerializableCallable<Integer> size = () -> list.size();
      List<Future<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        futures.add(shared.submit(size));
      }
      list.add(2);

      for (Future<Integer> future : futures) {
        assertThat(get(future)).isEqualTo(1);
      }
    }

    @Test
    void submit_exception_isTheCauseWithTheTraceFromThere() {
      assertThatThrownBy(
              () ->
                  get(
                      shared.submit(
                          () -> {
                            throw new IOException("disk");
                          })))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage("disk")
          .hasStackTraceContaining("internal.worker.WorkerLoop");
    }

    @Test
    void submit_lambdaCapturesPlainLambda_namesIt() {
      IntSupplier plain = () -> 1;

      assertThatThrownBy(() -> shared.submit(() -> plain.getAsInt()))
          .isInstanceOf(TaskNotSerializableException.class)
          .hasMessageContaining("path=plain");
    }
  }

  /** Refuses to be read. */
  static final class Unreadable implements Serializable {
    private static final long serialVersionUID = 1L;
    private final boolean inWorkers;

    Unreadable(boolean inWorkers) {
      this.inWorkers = inWorkers;
    }

    @SuppressWarnings("unused")
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (inWorkers == ChildProcess.parent().isPresent()) {
        throw new IOException("refuses to be read");
      }
    }
  }

  /** Can only be read when the gate is open. */
  static final class Slow implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final CountDownLatch GATE = new CountDownLatch(1);

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      try {
        GATE.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Nested
  class Encoding {
    @Test
    void task_cannotBeReadInTheWorker_failsAloneAndSaysSo() throws Exception {
      Unreadable unreadable = new Unreadable(true);

      assertThatThrownBy(() -> get(shared.submit(() -> unreadable.hashCode())))
          .cause()
          .isInstanceOf(TaskNotLoadableException.class)
          .hasMessageContaining("refuses to be read");
      assertThatThrownBy(() -> shared.map(n -> unreadable.hashCode() + n, List.of(1, 2)))
          .isInstanceOf(TaskNotLoadableException.class);
      assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
    }

    @Test
    void result_cannotBeReadHere_failsAloneAndSaysSo() throws Exception {
      assertThatThrownBy(() -> get(shared.submit(() -> new Unreadable(false))))
          .cause()
          .isInstanceOf(ResultNotSerializableException.class)
          .hasMessageContaining("refuses to be read");
      assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
    }

    @Test
    void result_takesForEverToBeRead_hindersOnlyWhoWantsIt() throws Exception {
      try (var pool = Pool.processes(1)) {
        Future<Slow> slow = pool.submit(() -> new Slow());
        assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
        assertThatThrownBy(() -> slow.get(50, MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(slow.isDone()).isFalse();
        Slow.GATE.countDown();
        assertThat(get(slow)).isNotNull();
      }
    }

    @Test
    void result_cannotTravel_failsAloneAndSaysSo() throws Exception {
      assertThatThrownBy(() -> get(shared.submit(() -> (Object) new Thread())))
          .cause()
          .isInstanceOf(ResultNotSerializableException.class)
          .hasMessageContaining("java.lang.Thread");
      assertThat(get(shared.submit(() -> 1))).isEqualTo(1);
    }

    @Test
    void result_lambda_comesBack() throws Exception {
      int captured = 4;
      SerializableFunction<Integer, Integer> times =
          get(shared.submit(() -> (SerializableFunction<Integer, Integer>) n -> n * captured));

      assertThat(times.apply(5)).isEqualTo(20);
    }
  }

  @Nested
  class Dying {
    /** Starts a process that goes on for long, and waits for it. */
    private static int startAndWait(String file) throws Exception {
      Process sleeping = new ProcessBuilder("sleep", "1000").start();
      Files.writeString(Path.of(file + ".new"), "" + sleeping.pid());
      Files.move(Path.of(file + ".new"), Path.of(file));
      return sleeping.waitFor();
    }

    private static ProcessHandle started(String file) throws Exception {
      Gate.await(file);
      return ProcessHandle.of(Long.parseLong(Files.readString(Path.of(file)))).orElseThrow();
    }

    private static void awaitEnd(ProcessHandle process) throws Exception {
      ChildProcessTest.await(() -> !process.isAlive());
    }

    @Test
    void hardTimeout_passes_endsWhatTheTaskHasStarted(@TempDir Path folder) throws Exception {
      String file = folder.resolve("started").toString();
      try (var pool = Pool.processes(1)) {
        var hasty = pool.with(tasks -> tasks.withHardTimeout(Duration.ofSeconds(2)));
        var task = hasty.submit(() -> startAndWait(file));
        ProcessHandle sleeping = started(file);
        assertThatThrownBy(() -> task.get(20, SECONDS))
            .hasCauseInstanceOf(TaskTimeoutException.class);
        awaitEnd(sleeping);
      }
    }

    @Test
    void softTimeout_isHeeded_endsWhatTheTaskHasStartedAndNothingElse(@TempDir Path folder)
        throws Exception {
      String before = folder.resolve("before").toString();
      String file = folder.resolve("started").toString();
      try (var pool = Pool.processes(1)) {
        get(
            pool.submit(
                () -> {
                  var helper = new ProcessBuilder("sleep", "1000").start();
                  Files.writeString(Path.of(before), "" + helper.pid());
                  Thread.sleep(1_100); // some systems tell times to a second
                }));
        var hasty = pool.with(tasks -> tasks.withSoftTimeout(Duration.ofSeconds(2)));
        var task = hasty.submit(() -> startAndWait(file));
        ProcessHandle sleeping = started(file);
        assertThatThrownBy(() -> get(task)).hasCauseInstanceOf(InterruptedException.class);
        awaitEnd(sleeping);

        ProcessHandle helper = started(before);
        assertThat(helper.isAlive()).isTrue();
        helper.destroyForcibly();
        assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
        assertThat(pool.stats().workers()).hasSize(1);
      }
    }

    @Test
    void cancel_isHeeded_endsWhatTheTaskHasStarted(@TempDir Path folder) throws Exception {
      String file = folder.resolve("started").toString();
      try (var pool = Pool.processes(1)) {
        var patient = pool.with(tasks -> tasks.withCancelGrace(Duration.ofSeconds(20)));
        var task = patient.submit(() -> startAndWait(file));
        ProcessHandle sleeping = started(file);
        task.cancel(true);
        awaitEnd(sleeping);
        assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
        assertThat(pool.stats().workers()).as("the worker that heeded it").hasSize(1);
      }
    }

    private static final WorkerLocal<Process> HELPER =
        WorkerLocal.of(() -> new ProcessBuilder("sleep", "1000").start());

    @Test
    void cancel_isHeeded_leavesWhatAValueOfTheWorkerNeeds(@TempDir Path folder) throws Exception {
      String begun = folder.resolve("begun").toString();
      try (var pool = Pool.processes(1)) {
        var patient = pool.with(tasks -> tasks.withCancelGrace(Duration.ofSeconds(20)));
        var task =
            patient.submit(
                () -> {
                  boolean lives = HELPER.get().isAlive();
                  // on some systems the next seconds count as the same moment
                  Thread.sleep(Os.current().startPrecision() > 100_000_000 ? 3_000 : 50);
                  assertThat(lives).isTrue();
                  startAndWait(begun);
                });
        ProcessHandle sleeping = started(begun);
        task.cancel(true);
        awaitEnd(sleeping);
        assertThat(get(pool.submit(() -> HELPER.get().isAlive()))).isTrue();
        assertThat(get(pool.submit(() -> HELPER.get().destroyForcibly().waitFor()))).isPositive();
      }
    }

    @Test
    void terminate_endsWhatTasksHaveStarted(@TempDir Path folder) throws Exception {
      String file = folder.resolve("started").toString();
      ProcessHandle sleeping;
      try (var pool = Pool.processes(1)) {
        var _ = pool.submit(() -> startAndWait(file));
        sleeping = started(file);
        pool.terminate();
      }
      awaitEnd(sleeping);
    }

    @Test
    void hardTimeout_passes_saysWhatOtherThreadsOfTheTaskDo() throws Exception {
      try (var pool = Pool.processes(1)) {
        var task =
            pool.with(tasks -> tasks.withHardTimeout(Duration.ofSeconds(2)))
                .submit(
                    () -> {
                      Thread other = new Thread(() -> waitHereInstead(), "other");
                      other.setDaemon(true);
                      other.start();
                      other.join();
                    });
        assertThatThrownBy(() -> get(task))
            .cause()
            .isInstanceOfSatisfying(
                TaskTimeoutException.class,
                e ->
                    assertThat(e.trace())
                        .containsSubsequence("Thread.join", "\"other\" TIMED_WAITING", "waitHereIn")
                        .doesNotContain("procession-", "Finalizer", "Common-Cleaner"));
      }
    }

    private static void waitHereInstead() {
      LockSupport.parkNanos(SECONDS.toNanos(100));
    }

    @Test
    void worker_diesInATask_thatTaskFailsAndAllOthersRun() throws Exception {
      try (var pool = Pool.processes(2)) {
        List<Future<Integer>> good = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          int number = i;
          good.add(pool.submit(() -> number));
        }
        Future<?> bad = pool.submit(() -> halt(3));
        for (int i = 10; i < 100; i++) {
          int number = i;
          good.add(pool.submit(() -> number));
        }

        assertThatThrownBy(() -> get(bad))
            .cause()
            .isInstanceOfSatisfying(
                WorkerDiedException.class,
                e -> {
                  assertThat(e.exitStatus()).isEqualTo(new ExitStatus(3, false));
                  assertThat(e.pid()).isPositive();
                });
        for (int i = 0; i < 100; i++) {
          assertThat(get(good.get(i))).isEqualTo(i);
        }
      }
    }

    @Test
    void worker_diesInATaskThatIsRetried_itRunsElsewhereWithItsLargeArgument(@TempDir Path folder)
        throws Exception {
      String mark = folder.resolve("mark").toString();
      byte[] large = new byte[200_000];
      try (var pool = Pool.processes(1)) {
        var patient = pool.with(tasks -> tasks.withRetry(2, WorkerDiedException.class::isInstance));
        assertThat(
                get(
                    patient.submit(
                        () -> {
                          if (!Files.exists(Path.of(mark))) {
                            Files.createFile(Path.of(mark));
                            halt(3);
                          }
                          return large.length;
                        })))
            .isEqualTo(200_000);
        assertThat(pool.stats().workers()).hasSize(2);
      }
    }

    @Test
    void worker_diesInAChunk_onlyTheItemItRanFailsAndNoneRunsTwice(@TempDir Path folder)
        throws Exception {
      String marks = folder.toString();
      SerializableFunction<Integer, Integer> deadly =
          n -> {
            Files.createFile(Path.of(marks, String.valueOf(n))); // fails if it runs twice
            if (n == 321) {
              halt(9);
            }
            return n;
          };
      try (var pool = Pool.processes(2);
          var results = pool.imap(deadly, IntStream.range(0, 1_000).boxed().toList())) {
        for (int i = 0; i < 1_000; i++) {
          if (i == 321) {
            assertThatThrownBy(results::next).isInstanceOf(WorkerDiedException.class);
          } else {
            assertThat(results.next()).isEqualTo(i);
          }
        }
      }
    }

    /** Whoever reads it outside of workers waits until the process that has sent it is gone. */
    static final class Late implements Serializable {
      private static final long serialVersionUID = 1L;
      private final long pid = ProcessHandle.current().pid();

      @SuppressWarnings("unused")
      private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        ChildProcessTest.await(() -> !ProcessHandle.of(pid).map(p -> p.isAlive()).orElse(false));
        LockSupport.parkNanos(200_000_000); // in which its end becomes known here
      }
    }

    @Test
    void worker_isGoneBeforeItsOutcomesAreRead_noneIsLost() {
      SerializableFunction<Integer, Object> function =
          n -> {
            if (n == 9) {
              halt(1);
            }
            return n == 0 ? new Late() : n;
          };
      try (var pool = Pool.processes(1)) {
        List<Integer> items = IntStream.range(0, 40).boxed().toList(); // ten go together

        assertThatThrownBy(() -> pool.map(function, items))
            .isInstanceOfSatisfying(
                WorkerDiedException.class, e -> assertThat(e.getSuppressed()).isEmpty())
            .hasMessageContaining("item 9");
      }
    }

    /** Not of those that start: when they die over and over, the pool ends. */
    private static List<Long> pidsOfThoseAtWork(Pool pool) {
      return pool.stats().workers().stream()
          .filter(worker -> worker.alive() && worker.tasks() > 0)
          .map(WorkerStats::pid)
          .toList();
    }

    @Test
    void workers_killedOverAndOver_everyTaskEnds() throws Exception {
      try (var pool = Pool.processes(2)) {
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          int number = i;
          futures.add(
              pool.submit(
                  () -> {
                    Thread.sleep(Duration.ofMillis(2));
                    return number;
                  }));
        }
        Set<Long> killed = new HashSet<>();
        while (killed.size() < 5) {
          ChildProcessTest.await(() -> !killed.containsAll(pidsOfThoseAtWork(pool)));
          for (long pid : pidsOfThoseAtWork(pool)) {
            if (killed.add(pid)) {
              ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
              break;
            }
          }
        }
        int failed = 0;
        for (int i = 0; i < 300; i++) {
          try {
            assertThat(get(futures.get(i))).isEqualTo(i);
          } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(WorkerDiedException.class);
            failed++;
          }
        }
        assertThat(failed).isLessThanOrEqualTo(killed.size());
      }
    }

    @Test
    void worker_diesWhileIdle_costsNothing() throws Exception {
      try (var pool = Pool.processes(1)) {
        assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
        ProcessHandle worker =
            ProcessHandle.of(pool.stats().workers().getFirst().pid()).orElseThrow();
        worker.destroyForcibly();
        worker.onExit().get(20, SECONDS);

        assertThat(get(pool.submit(() -> 2))).isEqualTo(2);
      }
    }

    /** In a folder of its own, where no other program sweeps. */
    @Test
    void worker_isKilled_filesOfItsLargeResultsGoWithIt(@TempDir Path folder) throws Exception {
      try (var program =
          ChildProcess.start(
              o -> o.withSystemProperty("dev.procession.folder", folder.toString()),
              () -> killAfterALargeResult(folder))) {
        program.join();

        assertThat(program.failure()).isEmpty();
      }
    }

    private static void killAfterALargeResult(Path folder) throws Exception {
      try (var pool = Pool.processes(1)) {
        get(pool.submit(() -> new byte[1 << 20]));
        long pid = pool.stats().workers().getFirst().pid();
        assertThat(filesOf(pid, folder)).isNotEmpty();

        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);

        ChildProcessTest.await(() -> filesOf(pid, folder).isEmpty());
      }
    }

    private static List<Path> filesOf(long pid, Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        return files
            .filter(file -> file.getFileName().toString().startsWith("procession-" + pid + "-"))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Test
    void worker_exitsFromATask_thatTaskSaysSo() throws Exception {
      try (var pool = Pool.processes(1)) {
        assertThatThrownBy(() -> get(pool.submit(() -> System.exit(5))))
            .cause()
            .isInstanceOfSatisfying(
                WorkerDiedException.class, e -> assertThat(e.exitStatus().code()).hasValue(5));
        assertThat(get(pool.submit(() -> 2))).isEqualTo(2);
      }
    }

    @Test
    @SuppressWarnings("restricted")
    void death_byANativeCrash_saysWhatCrashedAndWhereTheLogIs(@TempDir Path folder)
        throws Exception {
      try (var pool =
          Pool.processes(
              o -> o.withWorkers(1).withDirectory(folder).withOutput(Output.DISCARDED))) {
        var crash =
            pool.submit(
                () -> {
                  new ProcessBuilder(
                          "prlimit", "--core=0", "--pid", "" + ProcessHandle.current().pid())
                      .start()
                      .waitFor(); // no core file
                  Thread.sleep(Duration.ofMillis(20));
                  MemorySegment.ofAddress(8).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
                });
        assertThatThrownBy(() -> get(crash))
            .cause()
            .isInstanceOfSatisfying(
                WorkerDiedException.class,
                e -> {
                  assertThat(e.exitStatus().signalName()).contains("ABRT");
                  assertThat(e.crashLog().orElseThrow()).hasParent(folder.toAbsolutePath());
                  assertThat(e.crashLog().orElseThrow()).exists();
                  assertThat(e).hasMessageContaining("SIGSEGV").hasMessageContaining("hs_err_pid");
                  assertThat(e.ranFor().orElseThrow())
                      .isBetween(Duration.ofMillis(20), Duration.ofSeconds(20));
                });
        assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
      }
    }

    @Test
    void memoryBudget_forOne_thatOneDoesAll() throws Exception {
      try (var pool = Pool.processes(o -> o.withWorkers(4).withMemoryBudget("100m"))) {
        assertThat(pool.map(n -> n + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
        assertThat(pool.stats().workers()).hasSize(1);
      }
    }

    @Test
    void processorsPerWorker_areWhatItSees() throws Exception {
      try (var pool = Pool.processes(o -> o.withWorkers(1).withProcessorsPerWorker(1))) {
        assertThat(pool.submit(() -> Runtime.getRuntime().availableProcessors()).get()).isOne();
      }
      assertThatThrownBy(() -> Pool.processes(o -> o.withProcessorsPerWorker(0)))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void maxResidentMemory_workerThatLeaks_isReplacedAndNothingIsLost() throws Exception {
      try (var pool = Pool.processes(o -> o.withWorkers(2).withMaxResidentMemory("200m"))) {
        List<Long> pids = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          pids.add(
              get(
                  pool.submit(
                      () -> {
                        Arena.global().allocate(20 << 20).fill((byte) 1); // never given back
                        Thread.sleep(Duration.ofMillis(10));
                        return ProcessHandle.current().pid();
                      })));
        }
        assertThat(pids).hasSize(40);
        assertThat(pids.stream().distinct().count()).isBetween(3L, 20L);
        assertThat(pool.stats().workers())
            .allMatch(worker -> worker.memory().peakResident() < 330 << 20);
      }
      assertThatThrownBy(() -> Pool.processes(o -> o.withMaxResidentMemory("much")))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void death_byAKill_doesNotBlameTheCrashOfAnother(@TempDir Path folder) throws Exception {
      try (var pool = Pool.processes(o -> o.withWorkers(1).withDirectory(folder))) {
        long pid = get(pool.submit(() -> ProcessHandle.current().pid()));
        Path old = Files.writeString(folder.resolve("hs_err_pid" + pid + ".log"), "# SIGSEGV");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
        assertThatThrownBy(() -> get(pool.submit(() -> halt(137))))
            .cause()
            .isInstanceOfSatisfying(
                WorkerDiedException.class, e -> assertThat(e.crashLog()).isEmpty());
      }
    }

    @Test
    void death_byTheKernelForMemory_saysSo() throws Exception {
      Path group = Path.of("/sys/fs/cgroup/memory", "procession-" + ProcessHandle.current().pid());
      try {
        Files.createDirectory(group);
        Files.writeString(group.resolve("memory.limit_in_bytes"), "80000000");
      } catch (IOException e) {
        assumeThat(e).as("a group for memory of our own, which only root can have").isNull();
      }
      try (var pool = Pool.processes(1)) {
        String procs = group.resolve("cgroup.procs").toString();
        var hungry =
            pool.submit(
                () -> {
                  Files.writeString(Path.of(procs), "" + ProcessHandle.current().pid());
                  while (true) {
                    Arena.global().allocate(1 << 20).fill((byte) 1);
                  }
                });
        assertThatThrownBy(() -> get(hungry))
            .cause()
            .isInstanceOf(WorkerDiedException.class)
            .hasMessageContaining("KILL")
            .hasMessageContaining("by the kernel for want of memory");
        var killed =
            pool.submit(
                () -> {
                  new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid())
                      .start()
                      .waitFor();
                });
        assertThatThrownBy(() -> get(killed)).hasMessageContaining("Killed by somebody");
      } finally {
        Files.delete(group);
      }
    }

    @Test
    void death_messageHasTheLastOfItsStandardError() throws Exception {
      try (var pool = Pool.processes(o -> o.withWorkers(1).withOutput(Output.DISCARDED))) {
        assertThatThrownBy(
                () ->
                    get(
                        pool.submit(
                            () -> {
                              System.err.println("last words");
                              halt(1);
                            })))
            .cause()
            .hasMessageContaining("last words");
      }
    }

    /** Ends whatever process reads it. */
    static final class Poison implements Serializable {
      private static final long serialVersionUID = 1L;

      @SuppressWarnings("unused")
      private void readObject(ObjectInputStream in) {
        halt(11);
      }
    }

    @Test
    void function_killsWhoeverReadsIt_isGivenUpAndThePoolLives() throws Exception {
      Poison poison = new Poison();
      try (var pool = Pool.processes(1)) {
        assertThatThrownBy(() -> pool.map(n -> poison.hashCode() + n, List.of(1)))
            .isInstanceOf(WorkerDiedException.class);
        assertThatThrownBy(() -> get(pool.submit(() -> poison.hashCode())))
            .hasCauseInstanceOf(WorkerDiedException.class);
        assertThat(get(pool.submit(() -> 2))).isEqualTo(2);
      }
    }

    @Test
    void stoppedWorker_whatItHasNotBegunRunsElsewhere() throws Exception {
      try (var pool = Pool.processes(2)) {
        long pid = get(pool.submit(() -> ProcessHandle.current().pid()));
        ChildProcessTest.signal(pid, "STOP");
        try {
          List<Future<Integer>> futures = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            int number = i;
            futures.add(pool.submit(() -> number));
          }
          // what it had not begun goes elsewhere; it may have begun nothing, as it was idle
          for (int i = 0; i < 50; i++) {
            assertThat(get(futures.get(i))).isEqualTo(i);
          }
        } finally {
          ChildProcessTest.signal(pid, "CONT");
        }
      }
    }
  }

  @Nested
  class Ending {
    /** So many short items that nobody looks at the clock for them, but one. */
    @Test
    void cancel_ofAMapWhoseItemHangsAmongShortOnes_endsIt(@TempDir Path folder) throws Exception {
      String begun = folder.resolve("begun").toString();
      try (var pool = Pool.processes(1)) {
        List<Integer> items = IntStream.range(0, 200_000).boxed().toList();
        var all =
            pool.with(tasks -> tasks.withCancelGrace(Duration.ofMillis(200)))
                .mapAsync(n -> n == 150_000 ? hang(begun) : n, items);
        Gate.await(begun);
        assertThat(all.cancel(true)).isTrue();

        assertThat(pool.stats().queued()).isZero(); // nobody waits for a worker to take them
        assertThat(pool.submit(() -> 7).get(20, SECONDS)).isEqualTo(7);
      }
    }

    @SuppressWarnings("InfiniteLoop") // as said
    private static int hang(String begun) throws Exception {
      Files.createFile(Path.of(begun));
      while (true) {
        Thread.onSpinWait();
      }
    }

    /** Does not end before its worker is killed. */
    private static String leaveThread() {
      return Thread.ofPlatform()
          .start(
              () -> {
                try {
                  ChildProcessTest.sleepForEver();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              })
          .getName();
    }

    @Test
    void close_taskLeavesAThread_endsTheWorkerAllTheSame() throws Exception {
      var pool = Pool.processes(1);
      get(pool.submit(() -> leaveThread()));
      pool.close();

      assertThat(pool.isTerminated()).isTrue();
    }

    @Test
    void shutdown_taskLeavesAThread_endsTheWorkerAllTheSame() throws Exception {
      var pool = Pool.processes(1);
      get(pool.submit(() -> leaveThread()));
      pool.shutdown();

      assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
    }
  }

  @Nested
  class Starting {
    @Test
    void processes_noWorkers_isRefused() {
      assertThatThrownBy(() -> Pool.processes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void processes_jvmRefusesAnOption_throwsAtTheCall() {
      assertThatThrownBy(
              () ->
                  Pool.processes(
                      o ->
                          o.withWorkers(2)
                              .withOutput(Output.DISCARDED)
                              .withJvmOptions("-XX:+NoSuchThing")))
          .isInstanceOf(ProcessStartException.class)
          .hasMessageContaining("NoSuchThing");
    }

    @Test
    void processes_jvmIsNeverReady_throwsInTime() {
      assertThatThrownBy(
              () ->
                  Pool.processes(
                      o ->
                          o.withWorkers(1)
                              .withOutput(Output.DISCARDED)
                              .withStartTimeout(Duration.ofMillis(300))
                              .withJvmOptions(
                                  "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,"
                                      + "address=127.0.0.1:0")))
          .isInstanceOf(ProcessStartException.class)
          .hasMessageContaining("not ready in time");
    }

    @Test
    void processes_standby_areThoseThatWaited() throws Exception {
      ChildProcess.prepare(2, o -> o);
      List<Long> waiting = ProcessHandle.current().children().map(ProcessHandle::pid).toList();
      try (var pool = Pool.processes(o -> o.withWorkers(2).withStartMode(StartMode.STANDBY))) {
        assertThat(pool.map(n -> n * n, List.of(1, 2, 3))).containsExactly(1, 4, 9);
        assertThat(pool.stats().workers()).extracting(WorkerStats::pid).isSubsetOf(waiting);
      } finally {
        ChildProcess.prepare(0, o -> o);
      }
    }

    @Test
    void environment_isThatOfTheWorkers() throws Exception {
      try (var pool =
          Pool.processes(
              o ->
                  o.withWorkers(1)
                      .withEnvironment("FRUIT", "apple")
                      .withEnvironment("HOME", null))) {
        assertThat(get(pool.submit(() -> System.getenv("FRUIT") + System.getenv("HOME"))))
            .isEqualTo("applenull");
      }
    }

    @Test
    void stats_ofManyWorkersThatAreGone_areBounded() throws Exception {
      try (var pool = Pool.threads(o -> o.withWorkers(1).withMaxTasksPerWorker(1))) {
        List<Integer> items = IntStream.range(0, 150).boxed().toList();
        assertThat(pool.map(n -> n, items)).isEqualTo(items);
        assertThat(pool.stats().done()).isEqualTo(150);
        // some that have been replaced may not have gone yet
        ChildProcessTest.await(() -> pool.stats().workers().size() <= 101);
        assertThat(pool.stats().workers()).hasSizeBetween(100, 101);
      }
    }

    @Test
    void stats_countWhatWasDone() throws Exception {
      try (var pool =
          Pool.processes(
              o ->
                  o.withWorkers(1)
                      .withName("crew")
                      .withSystemProperty("a", "b")
                      .withEnvironment("c", "d"))) {
        pool.map(
            n -> {
              Thread.sleep(Duration.ofMillis(2));
              return n;
            },
            List.of(1, 2, 3));

        WorkerStats stats = pool.stats().workers().getFirst();

        assertThat(stats.name()).isEqualTo("crew-1");
        assertThat(stats.tasks()).isEqualTo(3);
        assertThat(stats.busy()).isGreaterThanOrEqualTo(Duration.ofMillis(6));
        assertThat(stats.alive()).isTrue();
        assertThat(stats.utilization()).isBetween(0.0, 1.0);
        assertThat(stats.memory().peakResident()).isPositive();
        assertThat(stats.memory().resident()).isPositive();
      }
    }

    @Test
    void stats_ofAWorkerThatCollectsGarbage_sayWhatHeapAndCollectorsDo() throws Exception {
      try (var pool = Pool.processes(o -> o.withWorkers(1).withMaxHeap("64m"))) {
        WorkerMemory memory;
        do {
          pool.submit(() -> collectGarbage()).get();
          memory = pool.stats().workers().getFirst().memory();
        } while (memory.gcTime().isZero());

        assertThat(memory.heap()).isBetween(1L << 16, 64L << 20);
        assertThat(memory.gcTime()).isLessThan(Duration.ofSeconds(60));
      }
    }

    private static void collectGarbage() {
      long end = System.nanoTime() + 100_000_000;
      while (System.nanoTime() < end) {
        System.gc();
      }
    }

    /** Starts a process that does the same. */
    private static int deeper(int depth) throws Exception {
      try (var child = ChildProcess.call(() -> deeper(depth + 1))) {
        return child.result().get();
      } catch (ProcessStartException e) {
        assertThat(e).hasMessageContaining("nested too deeply");
        return depth;
      }
    }

    @Test
    void processes_withoutEnd_areRefusedAtSomeDepth() throws Exception {
      assertThat(deeper(0)).isEqualTo(10);
    }

    @Test
    void pool_inATask_works() throws Exception {
      assertThat(
              get(
                  shared.submit(
                      () -> {
                        try (var inner = Pool.processes(1)) {
                          return inner.map(n -> n + 1, List.of(1, 2));
                        }
                      })))
          .containsExactly(2, 3);
    }
  }
}
