package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procession.function.SerializableCallable;
import dev.procession.testing.Gate;
import dev.procession.testing.PoolKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every failure says how far its task had come. */
@Timeout(60)
class ExecutionTest {
  private static Execution of(Future<?> future) {
    return Execution.of(catchThrowable(() -> future.get(30, SECONDS)));
  }

  private static void begin(String file) throws IOException, InterruptedException {
    Files.createFile(Path.of(file));
    Thread.sleep(Duration.ofHours(1));
  }

  @ParameterizedTest
  @EnumSource
  void terminate_saysWhichHadBegun(PoolKind kind, @TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    Pool pool = kind.open(1);
    CompletableFuture<?> running = pool.submit(() -> begin(begun));
    CompletableFuture<?> behind = pool.submit(() -> begin(begun));
    CompletableFuture<?> queued = pool.submit(() -> begin(begun));
    Gate.await(begun);
    pool.terminate();

    assertThat(of(running)).isEqualTo(Execution.STARTED);
    assertThat(of(behind)).isEqualTo(Execution.NOT_STARTED);
    assertThat(of(queued)).isEqualTo(Execution.NOT_STARTED);
    assertThat(running).isCancelled();
    assertThat(Execution.of(catchThrowable(() -> pool.submit(() -> 1))))
        .isEqualTo(Execution.NOT_STARTED);
  }

  @ParameterizedTest
  @EnumSource
  void task_throws_hasFinished(PoolKind kind) {
    try (Pool pool = kind.open(1)) {
      SerializableCallable<Integer> failing =
          () -> {
            throw new IOException("expected");
          };
      assertThat(of(pool.submit(failing))).isEqualTo(Execution.FINISHED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void terminate_whileATaskThatHasFailedWaitsForItsNextRun_saysThatItHadStarted(
      PoolKind kind, @TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    String gate = folder.resolve("gate").toString();
    Pool pool = kind.open(1);
    SerializableCallable<Integer> failing =
        () -> {
          Gate.await(gate);
          throw new IOException("expected");
        };
    CompletableFuture<Integer> retried =
        pool.with(t -> t.withRetry(2, e -> true).withPriority(-1)).submit(failing);
    for (int i = 0; i < 2; i++) {
      CompletableFuture<?> _ = pool.submit(() -> begin(begun));
    }
    Files.createFile(Path.of(gate));
    Gate.await(begun);
    while (pool.stats().queued() == 0) {
      Thread.sleep(Duration.ofMillis(2));
    }
    pool.terminate();

    assertThat(of(retried)).isEqualTo(Execution.STARTED);
  }

  @ParameterizedTest
  @EnumSource
  void task_throwsWhatAPoolThrows_hasFinished(PoolKind kind) {
    try (Pool pool = kind.open(1)) {
      SerializableCallable<Integer> rejected =
          () -> {
            throw new RejectedExecutionException("of an executor of its own");
          };
      SerializableCallable<Integer> broken =
          () -> {
            throw new PoolBrokenException("of a pool of its own", null);
          };
      assertThat(of(pool.submit(rejected))).isEqualTo(Execution.FINISHED);
      assertThat(of(pool.submit(broken))).isEqualTo(Execution.FINISHED);
      assertThat(Execution.of(catchThrowable(() -> pool.map(n -> rejected.call(), List.of(1)))))
          .isEqualTo(Execution.FINISHED);
    }
  }

  @Test
  void worker_dies_unlessNobodyBeganItHadStarted() {
    try (Pool pool = Pool.processes(1)) {
      assertThat(of(pool.submit(() -> Runtime.getRuntime().halt(3)))).isEqualTo(Execution.STARTED);
    }
  }

  @Test
  void task_orResultCannotTravel_isNotStartedOrFinished() {
    Object anchor = new Object();
    try (Pool pool = Pool.processes(1)) {
      assertThat(Execution.of(catchThrowable(() -> pool.submit(() -> anchor.hashCode()))))
          .isEqualTo(Execution.NOT_STARTED);
      SerializableCallable<Object> heavy = () -> new Object();
      assertThat(of(pool.submit(heavy))).isEqualTo(Execution.FINISHED);
    }
  }

  @Test
  void task_isTooLate_hadStarted() {
    try (Pool pool = Pool.processes(1)) {
      Pool strict = pool.with(t -> t.withHardTimeout(Duration.ofMillis(50)));
      assertThat(of(strict.submit(() -> Thread.sleep(Duration.ofHours(1)))))
          .isEqualTo(Execution.STARTED);
    }
  }

  @Test
  void of_whatIsWrappedOrUnknown_isWhatIsCertain() {
    assertThat(Execution.of(new CompletionException(new IllegalStateException())))
        .isEqualTo(Execution.FINISHED);
    assertThat(Execution.of(new CompletionException(new PoolBrokenException("broken", null))))
        .isEqualTo(Execution.NOT_STARTED);
    assertThat(Execution.of(new CancellationException())).isEqualTo(Execution.STARTED);
    CancellationException interrupted = new CancellationException("interrupted while waiting");
    interrupted.initCause(new InterruptedException());
    assertThat(Execution.of(interrupted)).isEqualTo(Execution.STARTED);
    assertThat(Execution.of(new RejectedExecutionException())).isEqualTo(Execution.NOT_STARTED);
  }
}
