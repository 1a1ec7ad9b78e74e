package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procession.function.SerializableCallable;
import dev.procession.testing.Gate;
import dev.procession.testing.PoolKind;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of tasks that run out of memory. */
@Timeout(60)
class OutOfMemoryTest {
  private static final int LARGE = 48 << 20;

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  private static Pool small(int workers, OutOfMemoryPolicy policy) {
    return Pool.processes(
        o ->
            o.withWorkers(workers)
                .withMaxHeap("32m")
                .withTasks(tasks -> tasks.withOutOfMemory(policy)));
  }

  /** Needs more than the heap of a small worker; returns the pid. */
  private static SerializableCallable<Long> greedy() {
    return () -> {
      byte[] large = new byte[LARGE];
      large[LARGE - 1] = 1;
      return ProcessHandle.current().pid() * large[LARGE - 1];
    };
  }

  private static String error(Future<?> future) {
    Throwable failure = catchThrowable(() -> get(future));
    assertThat(failure).isInstanceOf(ExecutionException.class);
    assertThat(failure.getCause()).isInstanceOf(OutOfMemoryError.class);
    return failure.getCause().getMessage();
  }

  @Test
  void byDefault_fails() {
    try (Pool pool = small(1, OutOfMemoryPolicy.fail())) {
      assertThat(error(pool.submit(greedy()))).contains("heap");
    }
  }

  @Test
  void retryWithMaxHeap_hasAWorkerOfItsOwn() throws Exception {
    try (Pool pool = small(1, OutOfMemoryPolicy.retryWithMaxHeap("128m"))) {
      long usual = get(pool.submit(() -> ProcessHandle.current().pid()));
      long larger = get(pool.submit(greedy()));

      assertThat(larger).isNotEqualTo(usual);
      assertThat(get(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(usual);
      assertThat(get(ProcessHandle.of(larger).map(ProcessHandle::onExit).orElse(ended())))
          .satisfies(gone -> assertThat(gone == null || !gone.isAlive()).isTrue());
    }
  }

  private static CompletableFuture<ProcessHandle> ended() {
    return CompletableFuture.completedFuture(null);
  }

  @Test
  void retryWithMaxHeap_itemOfAMap_onlyThatIsRunTwice() throws Exception {
    try (Pool pool = small(2, OutOfMemoryPolicy.retryWithMaxHeap("128m"))) {
      List<Integer> sizes =
          pool.map(
              n -> new byte[n % 50 == 7 ? LARGE : n].length,
              IntStream.range(0, 100).boxed().toList());

      assertThat(sizes).hasSize(100).contains(LARGE, 99);
      assertThat(sizes.stream().filter(size -> size == LARGE)).hasSize(2);
    }
  }

  @Test
  void retryWithMaxHeap_isTooSmallAsWell_fails() {
    try (Pool pool = small(1, OutOfMemoryPolicy.retryWithMaxHeap("40m"))) {
      assertThat(error(pool.submit(greedy()))).contains("heap");
    }
  }

  @Test
  void retryWithMaxHeap_noJvmHasThat_failsAsItHad() {
    try (Pool pool = small(1, OutOfMemoryPolicy.retryWithMaxHeap("9999t"))) {
      assertThat(error(pool.submit(greedy()))).contains("heap");
      assertThat(pool.stats().failed()).isEqualTo(1);
    }
  }

  /** Cannot be written, for want of memory. */
  private static final class Large extends Exception {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) {
      throw new OutOfMemoryError("expected");
    }
  }

  @Test
  void retryWithMaxHeap_errorCannotTravel_isRunAgain(@TempDir Path folder) throws Exception {
    String marker = folder.resolve("marker").toString();
    SerializableCallable<Boolean> fullAtFirst =
        () -> {
          if (!Path.of(marker).toFile().createNewFile()) {
            return true;
          }
          throw (Error) new OutOfMemoryError("full").initCause(new Large());
        };
    try (Pool pool = small(1, OutOfMemoryPolicy.fail())) {
      assertThat(error(pool.submit(fullAtFirst))).isEqualTo("full");
      Files.delete(Path.of(marker));
      Pool rescuing = pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryWithMaxHeap("64m")));
      assertThat(get(rescuing.submit(fullAtFirst))).isTrue();
      assertThat(pool.stats().workers()).hasSize(2);
    }
  }

  /** Does not say what has caused it. */
  private static final class Secretive extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("expected: secretive");
    }
  }

  @ParameterizedTest
  @EnumSource
  void retryAlone_causeCannotBeKnown_fails(PoolKind kind) {
    try (Pool pool = kind.open(1)) {
      Pool alone = pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryAlone()));
      CompletableFuture<Integer> secretive =
          alone.submit(
              () -> {
                throw new Secretive();
              });
      ChildProcessTest.await(secretive::isCompletedExceptionally);
      // without the exception itself: whoever prints that fails
      assertThat(secretive.exceptionNow().getClass().getSimpleName())
          .isEqualTo(kind == PoolKind.THREADS ? "Secretive" : "RemoteException");
    }
  }

  @Test
  void retryWithMaxHeap_noSize_isRefused() {
    assertThatThrownBy(() -> OutOfMemoryPolicy.retryWithMaxHeap("much"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("much");
  }

  @Test
  void retryWithMaxHeap_jvmHasEndedForIt_isRunAgain() throws Exception {
    try (Pool pool =
        Pool.processes(
            o ->
                o.withWorkers(1)
                    .withMaxHeap("32m")
                    .withJvmOptions("-XX:+ExitOnOutOfMemoryError"))) {
      WorkerDiedException death =
          (WorkerDiedException) catchThrowable(() -> get(pool.submit(greedy()))).getCause();
      assertThat(death.isOutOfMemory()).isTrue();
      Pool rescuing = pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryWithMaxHeap("128m")));

      assertThat(get(rescuing.submit(greedy()))).isPositive();
    }
  }

  /** Runs out of memory, as far as anybody can tell, when it runs first. */
  private static void failFirst(String marker) throws IOException {
    try {
      Files.createFile(Path.of(marker));
    } catch (FileAlreadyExistsException e) {
      return;
    }
    throw new IllegalStateException("wraps it", new OutOfMemoryError("expected"));
  }

  @ParameterizedTest
  @EnumSource
  void retryAlone_nothingElseRuns(PoolKind kind, @TempDir Path folder) throws Exception {
    String running = folder.resolve("running-").toString();
    String gate = folder.resolve("gate").toString();
    String marker = folder.resolve("marker").toString();
    CountDownLatch failed = new CountDownLatch(1);
    PoolListener listener =
        event -> {
          if (event instanceof PoolEvent.TaskRetried) {
            failed.countDown();
          }
        };
    try (Pool pool = kind.open(o -> o.withWorkers(2).withListener(listener))) {
      CompletableFuture<?> other =
          pool.submit(
              () -> {
                Path mine = Files.createFile(Path.of(running + "first"));
                Gate.await(gate);
                Files.delete(mine);
              });
      Gate.await(running + "first");
      Pool alone = pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryAlone()));
      CompletableFuture<Boolean> lonely =
          alone.submit(
              () -> {
                failFirst(marker);
                return !Files.exists(Path.of(running + "first"))
                    && !Files.exists(Path.of(running + "second"));
              });
      assertThat(failed.await(30, SECONDS)).isTrue();
      CompletableFuture<?> later =
          pool.submit(() -> Files.createFile(Path.of(running + "second")).toString());
      assertThat(lonely.isDone()).isFalse();
      Files.createFile(Path.of(gate));

      assertThat(get(lonely)).isTrue();
      get(other);
      get(later);
    }
  }

  private static int failFirstAndSubmit(Pool pool, String first, String second) throws Exception {
    failFirst(first);
    return 1 + pool.submit(() -> failFirstAndReturn(second)).get();
  }

  private static int failFirstAndReturn(String marker) throws Exception {
    failFirst(marker);
    return 1;
  }

  @ParameterizedTest
  @EnumSource
  void retryAlone_waitsForOneThatIsRetriedAlone_ends(PoolKind kind, @TempDir Path folder)
      throws Exception {
    String first = folder.resolve("first").toString();
    String second = folder.resolve("second").toString();
    try (Pool pool = kind.open(1)) {
      Pool alone = pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryAlone()));

      assertThat(get(alone.submit(() -> failFirstAndSubmit(pool, first, first)))).isEqualTo(2);
      assertThat(get(alone.submit(() -> failFirstAndSubmit(alone, first + 2, second + 2))))
          .isEqualTo(2);
      assertThat(get(pool.submit(() -> 3))).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void retryAlone_anotherWaitsForWhatIsToBegin_isNotWaitedForLong(
      PoolKind kind, @TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    String gate = folder.resolve("gate").toString();
    String marker = folder.resolve("marker").toString();
    try (Pool pool = kind.open(2)) {
      CompletableFuture<?> waits =
          pool.submit(
              () -> {
                Files.createFile(Path.of(begun));
                Gate.await(gate);
              });
      Gate.await(begun);
      Pool alone = pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryAlone()));
      CompletableFuture<?> lonely = alone.submit(() -> failFirst(marker));
      CompletableFuture<?> opens = pool.submit(() -> Files.createFile(Path.of(gate)).toString());

      get(lonely);
      get(opens);
      get(waits);
    }
  }

  @ParameterizedTest
  @EnumSource
  void terminate_whileOneWaitsToBeAlone_failsIt(PoolKind kind, @TempDir Path folder)
      throws Exception {
    String begun = folder.resolve("begun").toString();
    String marker = folder.resolve("marker").toString();
    CompletableFuture<?> lonely;
    try (Pool pool = kind.open(2)) {
      Future<?> _ =
          pool.submit(
              () -> {
                Files.createFile(Path.of(begun));
                Thread.sleep(60_000);
              });
      Gate.await(begun);
      lonely =
          pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryAlone()))
              .submit(() -> failFirst(marker));
      Gate.await(marker);
      pool.terminate();
    }
    Throwable failure = catchThrowable(() -> get(lonely));
    assertThat(failure).isInstanceOf(CancellationException.class);
    assertThat(Execution.of(failure)).isEqualTo(Execution.STARTED);
  }

  @ParameterizedTest
  @EnumSource
  void close_whileOneWaitsToBeAlone_runsIt(PoolKind kind, @TempDir Path folder) throws Exception {
    String marker = folder.resolve("marker").toString();
    CompletableFuture<?> lonely;
    try (Pool pool = kind.open(2)) {
      Pool alone = pool.with(t -> t.withOutOfMemory(OutOfMemoryPolicy.retryAlone()));
      lonely = alone.submit(() -> failFirst(marker));
    }
    assertThat(lonely).isCompleted();
  }
}
