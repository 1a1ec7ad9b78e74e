package dev.procession;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedIntArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Workers of a pool are killed all the time, each after as many tasks as chance will have it: every
 * task ends, with its result or its worker's death; none runs twice that is not to be run again;
 * and what the pool, the tasks and the killer count agrees. The long form takes minutes:
 *
 * <pre>mvn -o -q -pl core test -Pstress -Dtest='PoolChaosTest#tasks_hundredThousand*'</pre>
 */
class PoolChaosTest {
  private static final int WORKERS = 4;
  private static final int SHORT = 2_000;
  private static final int LONG = 100_000;
  private static final long PAUSE_MILLIS = 20;
  private static final int LONGEST_LIFE = 100;

  /** So many that no task is that unlucky. */
  private static final int ATTEMPTS = 50;

  private static final ExitStatus KILLED = new ExitStatus(9, true);

  /** Kills one worker after the other. */
  private static final class Killer implements AutoCloseable {
    private final Pool pool;
    private final Random random;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    /** Whom it has killed. To be looked at when it is closed. */
    private final Set<Long> killed = new HashSet<>();

    /** How many tasks each may do. */
    private final Map<Long, Integer> lives = new HashMap<>();

    Killer(Pool pool, long seed) {
      this.pool = pool;
      this.random = new Random(seed);
      this.thread = Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
      try {
        while (!over.await(PAUSE_MILLIS, MILLISECONDS)) {
          kill();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void kill() {
      List<WorkerStats> due =
          pool.stats().workers().stream()
              .filter(worker -> worker.alive() && !killed.contains(worker.pid()))
              .filter(worker -> worker.tasks() >= lives.computeIfAbsent(worker.pid(), this::life))
              .toList();
      if (!due.isEmpty()) {
        long pid = due.get(random.nextInt(due.size())).pid();
        if (ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false)) {
          killed.add(pid);
        }
      }
    }

    /** Tasks that a worker may do; without any it may be killed while it starts. */
    private int life(long pid) {
      return random.nextInt(LONGEST_LIFE);
    }

    @Override
    public void close() throws InterruptedException {
      over.countDown();
      thread.join();
    }
  }

  /** How the tasks have ended. */
  private record Ends(int done, List<WorkerDiedException> deaths) {}

  private static List<CompletableFuture<Integer>> submit(
      Pool pool, SharedIntArray runs, int count) {
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      futures.add(
          pool.submit(
              () -> {
                int _ = runs.incrementAndGet(number);
                Thread.sleep(Duration.ofMillis(1));
                return 3 * number;
              }));
    }
    return futures;
  }

  /** Waits as long as some end: what is run again goes behind all that waits. */
  private static void awaitAll(Pool pool, List<CompletableFuture<Integer>> futures)
      throws InterruptedException {
    CompletableFuture<?> all =
        CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]));
    while (!all.isDone()) {
      long before = pool.stats().done();
      try {
        Object _ = all.get(20, SECONDS);
      } catch (ExecutionException e) {
        return; // each says itself how it ended
      } catch (TimeoutException e) {
        assertThat(pool.stats().done()).as("some have ended").isGreaterThan(before);
      }
    }
  }

  private static Ends ends(Pool pool, List<CompletableFuture<Integer>> futures) throws Exception {
    awaitAll(pool, futures);
    int done = 0;
    List<WorkerDiedException> deaths = new ArrayList<>();
    for (int i = 0; i < futures.size(); i++) {
      try {
        assertThat(futures.get(i).get(0, SECONDS)).isEqualTo(3 * i);
        done++;
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(WorkerDiedException.class);
        deaths.add((WorkerDiedException) e.getCause());
      }
    }
    return new Ends(done, deaths);
  }

  private static void checkDeaths(Iterable<WorkerDiedException> deaths, Set<Long> killed) {
    Set<Long> pids = new HashSet<>();
    for (WorkerDiedException death : deaths) {
      assertThat(death.exitStatus()).isEqualTo(KILLED);
      assertThat(killed).contains(death.pid());
      assertThat(pids.add(death.pid())).as("one item for each who died").isTrue();
    }
  }

  private static int sum(SharedIntArray runs) {
    int sum = 0;
    for (int i = 0; i < runs.length(); i++) {
      sum += runs.get(i);
    }
    return sum;
  }

  private static void checkClosed(Pool pool) {
    assertThat(pool.isTerminated()).isTrue();
    assertThat(pool.stats().queued()).isZero();
    assertThat(pool.stats().running()).isZero();
    assertThat(pool.stats().workers()).noneMatch(WorkerStats::alive);
    ChildProcessTest.await(
        () ->
            pool.stats().workers().stream()
                .noneMatch(
                    worker -> ProcessHandle.of(worker.pid()).map(p -> p.isAlive()).orElse(false)));
  }

  private static void killWithoutRetry(int count, long seed) throws Exception {
    var pool = Pool.processes(WORKERS);
    Killer killer = new Killer(pool, seed);
    try (var runs = SharedArray.ints(count)) {
      Ends ends = ends(pool, submit(pool, runs, count));
      killer.close();
      pool.close();

      assertThat(ends.done() + ends.deaths().size()).isEqualTo(count);
      checkDeaths(ends.deaths(), killer.killed);
      assertThat(ends.deaths()).isNotEmpty();
      for (int i = 0; i < count; i++) {
        assertThat(runs.get(i)).as("runs of task %d", i).isLessThanOrEqualTo(1);
      }
      assertThat(sum(runs)).isBetween(ends.done(), count);
      assertThat(pool.stats().done()).isEqualTo(count);
      assertThat(pool.stats().failed()).isEqualTo(ends.deaths().size());
      checkClosed(pool);
    } finally {
      killer.close();
      pool.terminate();
    }
  }

  private static void killWithRetry(int count, long seed) throws Exception {
    Queue<WorkerDiedException> retried = new ConcurrentLinkedQueue<>();
    var pool = Pool.processes(WORKERS);
    var patient =
        pool.with(
            tasks ->
                tasks.withRetry(
                    ATTEMPTS, e -> e instanceof WorkerDiedException died && retried.add(died)));
    Killer killer = new Killer(pool, seed);
    try (var runs = SharedArray.ints(count)) {
      Ends ends = ends(pool, submit(patient, runs, count));
      killer.close();
      pool.close();

      assertThat(ends.deaths()).isEmpty();
      checkDeaths(retried, killer.killed);
      assertThat(retried).isNotEmpty();
      for (int i = 0; i < count; i++) {
        assertThat(runs.get(i)).as("runs of task %d", i).isPositive();
      }
      assertThat(sum(runs)).isBetween(count, count + retried.size());
      assertThat(pool.stats().done()).isEqualTo(count);
      assertThat(pool.stats().failed()).isZero();
      checkClosed(pool);
    } finally {
      killer.close();
      pool.terminate();
    }
  }

  /** What is done with a seed. */
  private interface Chaos {
    void run(int count, long seed) throws Exception;
  }

  private static void play(Chaos chaos, int count) throws Exception {
    long seed = System.nanoTime();
    try {
      chaos.run(count, seed);
    } catch (AssertionError | Exception e) {
      throw new AssertionError("seed=" + seed, e);
    }
  }

  @Test
  void tasks_workersAreKilledAllTheTime_endOnce() throws Exception {
    play(PoolChaosTest::killWithoutRetry, SHORT);
  }

  @Test
  void tasks_runAgainWhenWorkersAreKilled_allSucceed() throws Exception {
    play(PoolChaosTest::killWithRetry, SHORT);
  }

  @Test
  @Tag("stress")
  void tasks_hundredThousandWhileWorkersAreKilled_endOnce() throws Exception {
    play(PoolChaosTest::killWithoutRetry, LONG);
  }

  @Test
  @Tag("stress")
  void tasks_hundredThousandRunAgain_allSucceed() throws Exception {
    play(PoolChaosTest::killWithRetry, LONG);
  }
}
