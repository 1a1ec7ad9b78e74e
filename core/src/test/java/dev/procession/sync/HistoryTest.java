package dev.procession.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.Pool;
import dev.procession.function.SerializableCallable;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedWords;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What many processes do at the same time, written down with numbers from a counter that all share,
 * before and after each thing; afterwards the history is checked.
 */
@Timeout(60)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class HistoryTest {
  private static final int PROCESSES = 6;

  @TempDir Path folder;

  /** Something that was done between two numbers. */
  private record Step(String what, boolean result, long begin, long end) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Numbers that all processes share. */
  private record Clock(String file) implements Serializable {
    private static final long serialVersionUID = 1L;

    long next() {
      return Mapped.at(file).getAndAddLong(0, 1);
    }

    /** Maps a file once per process. */
    private static final class Mapped {
      private static String last = "";
      private static SharedWords words = new SharedWords(Arena.ofAuto().allocate(8, 8));

      static synchronized SharedWords at(String file) {
        if (!last.equals(file)) {
          try {
            words = new SharedWords(Segment.map(Path.of(file), Arena.ofAuto()));
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          last = file;
        }
        return words;
      }
    }
  }

  private Clock clock() throws Exception {
    return new Clock(Files.write(folder.resolve("clock"), new byte[64]).toString());
  }

  private static List<Step> everywhere(
      Pool pool, int processes, SerializableCallable<List<Step>> code) {
    List<CompletableFuture<List<Step>>> all =
        IntStream.range(0, processes).mapToObj(n -> pool.submit(code)).toList();
    return all.stream()
        .flatMap(steps -> steps.join().stream())
        .sorted(Comparator.comparingLong(Step::begin))
        .toList();
  }

  /** The most that were inside at a time, by what they have written down themselves. */
  private static int mostAtATime(List<Step> sorted) {
    int most = 0;
    for (Step step : sorted) {
      long inside =
          sorted.stream().filter(s -> s.begin() <= step.begin() && step.begin() <= s.end()).count();
      most = (int) Math.max(most, inside);
    }
    return most;
  }

  @Test
  void lock_manyProcesses_oneIsInsideAtATime() throws Exception {
    Clock clock = clock();
    try (var lock = ProcessLock.open();
        var pool = Pool.processes(PROCESSES)) {
      assertThat(mostAtATime(everywhere(pool, PROCESSES, () -> inside(lock, clock)))).isOne();
    }
  }

  @Test
  void reentrantLock_manyProcesses_oneIsInsideAtATime() throws Exception {
    Clock clock = clock();
    try (var lock = ProcessReentrantLock.open();
        var pool = Pool.processes(PROCESSES)) {
      assertThat(mostAtATime(everywhere(pool, PROCESSES, () -> inside(lock, clock)))).isOne();
    }
  }

  private static List<Step> inside(Lock lock, Clock clock) throws InterruptedException {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      if (i % 3 == 0) {
        while (!lock.tryLock()) {
          Thread.onSpinWait();
        }
      } else if (i % 3 == 1) {
        while (!lock.tryLock(1 + i % 7, java.util.concurrent.TimeUnit.MILLISECONDS)) {
          Thread.onSpinWait();
        }
      } else {
        lock.lock();
      }
      long begin = clock.next();
      if (i % 5 == 0) {
        LockSupport.parkNanos(1_000); // others try to come in
      }
      steps.add(new Step("inside", true, begin, clock.next()));
      lock.unlock();
    }
    return steps;
  }

  @Test
  void semaphore_manyProcesses_neverMoreThanThereArePermits() throws Exception {
    Clock clock = clock();
    try (var free = ProcessSemaphore.open(3);
        var bounded = ProcessSemaphore.openBounded(3);
        var pool = Pool.processes(PROCESSES)) {
      assertThat(mostAtATime(everywhere(pool, PROCESSES, () -> inside(free, clock))))
          .isBetween(1, 3);
      assertThat(free.availablePermits()).isEqualTo(3);
      assertThat(mostAtATime(everywhere(pool, PROCESSES, () -> inside(bounded, clock))))
          .isBetween(1, 3);
      assertThat(bounded.availablePermits()).isEqualTo(3);
    }
  }

  private static List<Step> inside(ProcessSemaphore semaphore, Clock clock)
      throws InterruptedException {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int count = 1 + i % 2;
      semaphore.acquire(count);
      long begin = clock.next();
      LockSupport.parkNanos(1_000); // others try to come in
      steps.add(new Step("inside", true, begin, clock.next()));
      semaphore.release(count);
    }
    return steps;
  }

  @Test
  void event_manyProcesses_isARegisterOfOneBit() throws Exception {
    Clock clock = clock();
    try (var event = ProcessEvent.open();
        var start = ProcessBarrier.open(4);
        var pool = Pool.processes(4)) {
      for (int round = 0; round < 40; round++) {
        event.clear();
        assertLinearizable(everywhere(pool, 4, () -> use(event, start, clock)));
      }
    }
  }

  private static List<Step> use(ProcessEvent event, ProcessBarrier start, Clock clock)
      throws Exception {
    Random random = new Random();
    int _ = start.await();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int what = random.nextInt(4);
      long begin = clock.next();
      boolean result = true;
      switch (what) {
        case 0 -> event.set();
        case 1 -> event.clear();
        case 2 -> result = event.isSet();
        default -> result = event.await(Duration.ZERO);
      }
      steps.add(
          new Step(List.of("set", "clear", "look", "look").get(what), result, begin, clock.next()));
    }
    return steps;
  }

  /** Looks for an order in which everything could have happened one after the other. */
  private static void assertLinearizable(List<Step> steps) {
    assertThat(canFollow(steps, new BitSet(), false, new HashSet<>())).as("%s", steps).isTrue();
  }

  private static boolean canFollow(
      List<Step> steps, BitSet done, boolean set, Set<List<Object>> failed) {
    if (done.cardinality() == steps.size()) {
      return true;
    }
    if (!failed.add(List.of(done.clone(), set))) {
      return false;
    }
    for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
      Step step = steps.get(i);
      boolean isNext =
          IntStream.range(0, steps.size())
              .filter(other -> !done.get(other))
              .noneMatch(other -> steps.get(other).end() < step.begin());
      if (!isNext || (step.what().equals("look") && step.result() != set)) {
        continue;
      }
      boolean then = step.what().equals("look") ? set : step.what().equals("set");
      done.set(i);
      if (canFollow(steps, done, then, failed)) {
        return true;
      }
      done.clear(i);
    }
    return false;
  }

  @Test
  @Tag("stress")
  void lock_sixtyFourProcesses_everyOneGetsIt() throws Exception {
    int processes = 64;
    Clock clock = clock();
    try (var lock = ProcessLock.open();
        var start = ProcessBarrier.open(processes);
        var pool =
            Pool.processes(
                options ->
                    options
                        .withWorkers(processes)
                        .withMaxHeap("16m")
                        .withStartTimeout(Duration.ofSeconds(55)))) {
      List<CompletableFuture<Integer>> all =
          IntStream.range(0, processes)
              .mapToObj(
                  n ->
                      pool.submit(
                          () -> {
                            int _ = start.await();
                            for (int i = 0; i < 20; i++) {
                              lock.lock();
                              long _ = clock.next();
                              lock.unlock();
                            }
                            return n;
                          }))
              .toList();
      for (CompletableFuture<Integer> one : all) {
        int _ = one.get(55, SECONDS);
      }
      assertThat(clock.next()).isEqualTo(20L * processes);
    }
  }
}
