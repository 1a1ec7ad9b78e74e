package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.os.Os;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The ways in which parents and workers wake each other, each tried in a process that has to use
 * it: named pipes are what every other test uses.
 */
class WaitingModesTest {
  /** Opens a pool, has it do all sorts of things, and ends one of its workers. */
  private static List<Integer> workWithAPool() throws Exception {
    try (var pool = Pool.processes(2)) {
      List<Integer> results = new ArrayList<>(pool.map(n -> n * n, List.of(1, 2, 3)));
      Future<?> lost = pool.submit(() -> Runtime.getRuntime().halt(1));
      List<Future<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        int number = i;
        futures.add(pool.submit(() -> number));
      }
      int sum = 0;
      for (Future<Integer> future : futures) {
        sum += future.get(20, SECONDS);
      }
      results.add(sum);
      results.add(pool.submit(() -> new byte[1 << 20]).get(20, SECONDS).length);
      while (!lost.isDone()) {
        Thread.onSpinWait();
      }
      results.add(lost.state() == Future.State.FAILED ? 1 : 0);
      return results;
    }
  }

  private static void assertPoolsWork(UnaryOperator<ProcessOptions> options) throws Exception {
    try (var child = ChildProcess.call(options, WaitingModesTest::workWithAPool)) {
      assertThat(child.result().get(50, SECONDS)).containsExactly(1, 4, 9, 124_750, 1 << 20, 1);
    }
  }

  @Test
  void portablePlatform_polling_works() throws Exception {
    assertPoolsWork(options -> options.withSystemProperty(Os.PROPERTY, "portable"));
  }

  @Test
  void linuxWithoutMkfifo_futex_works() throws Exception {
    assertPoolsWork(options -> options.withEnvironment("PATH", "/nowhere"));
  }
}
