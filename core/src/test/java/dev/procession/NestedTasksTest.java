package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.memory.SharedInt;
import dev.procession.testing.Gate;
import dev.procession.testing.PoolKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that submit tasks to the pool that runs them. */
@ParameterizedClass(name = "{0}")
@EnumSource(PoolKind.class)
@Timeout(60)
class NestedTasksTest {
  @Parameter PoolKind kind;

  @TempDir Path folder;

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  @Test
  void submit_byTheTaskOfTheOnlyWorker_runs() throws Exception {
    try (Pool pool = kind.open(1)) {
      assertThat(get(pool.submit(() -> pool.submit(() -> 42).get() + 1))).isEqualTo(43);
    }
  }

  @Test
  void map_byTasksOfAllWorkers_runs() throws Exception {
    try (Pool pool = kind.open(2)) {
      List<Integer> sums =
          pool.map(
              n -> pool.map(i -> n * i, List.of(1, 2, 3)).stream().mapToInt(i -> i).sum(),
              List.of(1, 2, 3, 4, 5, 6, 7, 8));

      assertThat(sums).containsExactly(6, 12, 18, 24, 30, 36, 42, 48);
    }
  }

  record Point(int x, int y) {}

  private static Point sum(Point one, Point other) {
    return new Point(one.x + other.x, one.y + other.y);
  }

  @Test
  void submit_byTask_takesAndGivesObjectsOfTheApplication() throws Exception {
    try (Pool pool = kind.open(1)) {
      Point sum =
          get(
              pool.submit(
                  () -> {
                    Point here = new Point(1, 2);
                    Point first = pool.submit(() -> sum(here, here)).get();
                    List<Point> all = pool.map(point -> sum(point, point), List.of(first));
                    return sum(first, all.getFirst());
                  }));

      assertThat(sum).isEqualTo(new Point(6, 12));
    }
  }

  private static int fibonacci(Pool pool, int n) throws Exception {
    if (n < 2) {
      return n;
    }
    var first = pool.submit(() -> fibonacci(pool, n - 1));
    var second = pool.submit(() -> fibonacci(pool, n - 2));
    return first.get() + second.get();
  }

  @Test
  void submit_recursively_ends() throws Exception {
    try (Pool pool = kind.open(2)) {
      assertThat(get(pool.submit(() -> fibonacci(pool, 7)))).isEqualTo(13);
    }
  }

  @Test
  void workers_thatStoodInForOthers_areNotUsedBeyondTheNumberOfWorkers() throws Exception {
    try (Pool pool = kind.open(2);
        SharedInt running = SharedInt.open(0);
        SharedInt most = SharedInt.open(0)) {
      List<Future<?>> parents = List.of(parent(pool, "one"), parent(pool, "two"));
      Gate.await(folder.resolve("one"));
      Gate.await(folder.resolve("two"));
      Files.createFile(folder.resolve("gate"));
      for (Future<?> parent : parents) {
        get(parent);
      }

      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        tasks.add(
            pool.submit(
                () -> {
                  int now = running.incrementAndGet();
                  var _ = most.updateAndGet(before -> Math.max(before, now));
                  Thread.sleep(Duration.ofMillis(10));
                  running.decrementAndGet();
                }));
      }
      for (Future<?> task : tasks) {
        get(task);
      }

      assertThat(most.get()).isEqualTo(2);
    }
  }

  /** A task that waits for another, which has begun when its file is there. */
  private Future<?> parent(Pool pool, String file) {
    String begun = folder.resolve(file).toString();
    String gate = folder.resolve("gate").toString();
    return pool.submit(() -> pool.submit(() -> passGate(begun, gate)).get());
  }

  private static int passGate(String begun, String gate) throws Exception {
    Files.createFile(Path.of(begun));
    Gate.await(gate);
    return 1;
  }

  private static int endless(Pool pool) throws Exception {
    return pool.submit(() -> endless(pool)).get();
  }

  @Test
  void submit_withoutEnd_isRejected() throws Exception {
    try (Pool pool = kind.open(1)) {
      assertThatThrownBy(() -> get(pool.submit(() -> endless(pool))))
          .hasRootCauseInstanceOf(RejectedExecutionException.class)
          .hasStackTraceContaining("tasks that submit tasks are nested too deeply: depth=");
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    }
  }

  @Test
  void submit_toFullQueue_doesNotWaitForRoom() throws Exception {
    try (Pool pool = kind.open(options -> options.withWorkers(1).withMaxQueued(1))) {
      int sum =
          get(
              pool.submit(
                  () -> {
                    var futures = IntStream.range(0, 10).mapToObj(i -> one(pool)).toList();
                    int total = 0;
                    for (var future : futures) {
                      total += future.get();
                    }
                    return total;
                  }));

      assertThat(sum).isEqualTo(10);
    }
  }

  private static Future<Integer> one(Pool pool) {
    return pool.submit(() -> 1);
  }

  @Test
  void close_whileTaskSubmitsOthers_waitsForThem() throws Exception {
    String gate = folder.resolve("gate").toString();
    Future<Integer> future;
    try (Pool pool = kind.open(1)) {
      future =
          pool.submit(
              () -> {
                Gate.await(gate);
                return pool.submit(() -> 2).get() + 1;
              });
      pool.shutdown();
      Files.createFile(Path.of(gate));
    }
    assertThat(future.resultNow()).isEqualTo(3);
  }

  private static void submitMany(Pool pool, SharedInt ended) {
    for (int i = 0; i < 100; i++) {
      CompletableFuture<?> _ = pool.submit(() -> ended.incrementAndGet());
    }
  }

  @Test
  void close_afterTaskHasSubmittedOthersAndEnded_waitsForThem() throws Exception {
    try (SharedInt ended = SharedInt.open(0)) {
      try (Pool pool = kind.open(1)) {
        CompletableFuture<?> _ = pool.submit(() -> submitMany(pool, ended));
      }
      assertThat(ended.get()).isEqualTo(100);
    }
  }

  /** Waits for a task that waits for what never happens; files tell of how it ends. */
  private static void waitForEver(Pool pool, String folder) throws Exception {
    pool.submit(() -> Gate.awaitInterrupt(folder)).get();
  }

  @Test
  void cancel_ofTask_cancelsWhatItHasSubmitted() throws Exception {
    String files = folder.toString();
    try (Pool pool = kind.open(2)) {
      Future<?> task = pool.submit(() -> waitForEver(pool, files));
      Gate.await(folder.resolve("begun"));

      task.cancel(true);

      Gate.await(folder.resolve("interrupted"));
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    }
  }

  @Test
  void cancel_ofTask_cancelsWhatItHasSubmittedAndDoesNotRun() throws Exception {
    String files = folder.toString();
    try (Pool pool = kind.open(1)) {
      Future<?> task =
          pool.submit(
              () -> {
                pool.submit(() -> waitForEver(pool, files)).get();
              });
      Gate.await(folder.resolve("begun"));

      task.cancel(true);

      Gate.await(folder.resolve("interrupted"));
    }
  }

  private static void submitForEver(Pool pool, String folder) throws Exception {
    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
      var _ = pool.submit(() -> Gate.await(folder + "/never"));
      if (i == 100) {
        Files.createFile(Path.of(folder, "begun"));
      }
    }
  }

  @Test
  void cancel_ofTaskThatGoesOnSubmitting_leavesNothing() throws Exception {
    String files = folder.toString();
    try (Pool pool = kind.open(1)) {
      Future<?> task = pool.submit(() -> submitForEver(pool, files));
      Gate.await(folder.resolve("begun"));

      task.cancel(true);

      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    }
  }

  @Test
  void hardTimeout_ofTask_cancelsWhatItHasSubmitted() throws Exception {
    String files = folder.toString();
    try (Pool pool = kind.open(1)) {
      Pool hasty = pool.with(options -> options.withHardTimeout(Duration.ofSeconds(2)));
      Future<?> task = hasty.submit(() -> waitForEver(pool, files));

      assertThatThrownBy(() -> get(task)).hasCauseInstanceOf(TaskTimeoutException.class);
      Gate.await(folder.resolve("interrupted"));
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    }
  }

  @Test
  void softTimeout_ofTask_cancelsWhatItHasSubmitted() throws Exception {
    String files = folder.toString();
    try (Pool pool = kind.open(1)) {
      Pool hasty = pool.with(options -> options.withSoftTimeout(Duration.ofSeconds(4)));
      Future<?> task = hasty.submit(() -> waitForEver(pool, files));
      Gate.await(folder.resolve("begun"));

      // it hears of its interrupt, or of what it waits for, whichever comes first
      assertThatThrownBy(() -> get(task))
          .isInstanceOfAny(ExecutionException.class, CancellationException.class);
      Gate.await(folder.resolve("interrupted"));
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    }
  }

  @Test
  void terminate_whileTasksWaitForOthers_endsAll() throws Exception {
    String files = folder.toString();
    Future<?> task;
    try (Pool pool = kind.open(1)) {
      task = pool.submit(() -> waitForEver(pool, files));
      Gate.await(folder.resolve("begun"));
      pool.terminate();
    }
    assertThatThrownBy(() -> get(task)).isInstanceOf(CancellationException.class);
  }

  @Test
  void failure_ofWhatTaskHasSubmitted_isItsOwnMatter() throws Exception {
    try (Pool pool = kind.open(1)) {
      assertThatThrownBy(() -> get(pool.submit(() -> pool.map(n -> 1 / n, List.of(1, 0)))))
          .hasRootCauseInstanceOf(ArithmeticException.class);
    }
  }
}
