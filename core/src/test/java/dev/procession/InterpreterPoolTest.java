package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.function.SerializableCallable;
import dev.procession.interpreter.InterpreterQueue;
import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a pool of interpreters does that the others do not; {@link PoolContractTest} has the rest.
 */
@Timeout(60)
class InterpreterPoolTest {
  private static int counter;

  private record Count(String worker, int count) {}

  private record Box(List<Integer> numbers) implements Serializable {}

  private static Count next() {
    return new Count(Thread.currentThread().getName(), ++counter);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, SECONDS);
  }

  @Test
  void statics_persistInAWorkerAndAreSharedWithNone() throws Exception {
    counter = 1_000;
    Map<String, List<Integer>> counts = new HashMap<>();
    try (Pool pool = Pool.interpreters(3)) {
      List<Future<Count>> futures = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        futures.add(pool.submit(() -> next()));
      }
      for (Future<Count> future : futures) {
        Count count = get(future);
        counts.computeIfAbsent(count.worker(), added -> new ArrayList<>()).add(count.count());
      }
    }
    assertThat(counts.values().stream().mapToInt(List::size).sum()).isEqualTo(300);
    assertThat(counts)
        .allSatisfy(
            (worker, itsCounts) -> {
              Collections.sort(itsCounts);
              assertThat(itsCounts)
                  .isEqualTo(IntStream.rangeClosed(1, itsCounts.size()).boxed().toList());
            });
    assertThat(counter).isEqualTo(1_000);
  }

  @Test
  void worker_thatIsReplaced_beginsAnew() throws Exception {
    try (Pool pool = Pool.interpreters(o -> o.withWorkers(1).withMaxTasksPerWorker(2))) {
      List<Integer> counts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        counts.add(get(pool.submit(() -> next())).count());
      }
      assertThat(counts).containsExactly(1, 2, 1, 2, 1, 2);
    }
  }

  @Test
  void initializer_runsInTheWorldOfItsWorker() throws Exception {
    counter = 1_000;
    InterpreterQueue<Box> queue = InterpreterQueue.open();
    queue.put(new Box(List.of(7)));
    try (Pool pool =
        Pool.interpreters(
            o ->
                o.withWorkers(1)
                    .withInitializer(() -> counter = queue.take().numbers().getFirst()))) {
      assertThat(get(pool.submit(() -> next())).count()).isEqualTo(8);
    }
    assertThat(counter).isEqualTo(1_000);
  }

  @Test
  void callback_runsOutside() throws Exception {
    InterpreterQueue<Box> queue = InterpreterQueue.open();
    queue.put(new Box(List.of(1)));
    queue.put(new Box(List.of(2)));
    try (Pool pool = Pool.interpreters(1)) {
      CompletableFuture<Integer> afterOne =
          pool.submit(() -> 1).thenApply(one -> queue.remove().numbers().getFirst());
      assertThat(get(afterOne)).isEqualTo(1);
      CompletableFuture<Integer> afterAll =
          pool.mapAsync(n -> n, List.of(1)).thenApply(all -> queue.remove().numbers().getFirst());
      assertThat(get(afterAll)).isEqualTo(2);
    }
  }

  /** Its memory is seen to be gone. */
  private static final class Large {
    static final byte[] BYTES = new byte[8 << 20];
  }

  @Test
  void workers_thatAreReplaced_keepNothing() throws Exception {
    try (Pool pool = Pool.interpreters(o -> o.withWorkers(1).withMaxTasksPerWorker(1))) {
      for (int i = 0; i < 100; i++) { // the tests have 512 MiB
        assertThat(get(pool.submit(() -> Large.BYTES.length))).isEqualTo(8 << 20);
      }
    }
  }

  @Test
  void broadcast_isOfTheClassesOfEachWorker() throws Exception {
    try (Broadcast<Box> box = Broadcast.of(new Box(List.of(1, 2, 3)));
        Pool pool = Pool.interpreters(2)) {
      assertThat(pool.map(n -> box.value().numbers().get(n), List.of(0, 1, 2)))
          .containsExactly(1, 2, 3);
      assertThat(box.value()).isSameAs(box.value());
    }
  }

  @Test
  void broadcast_ofAnInterpreter_isReadableOutside() throws Exception {
    try (Pool pool = Pool.interpreters(1)) {
      Broadcast<Box> theirs = get(pool.submit(() -> Broadcast.of(new Box(List.of(4)))));
      assertThat(theirs.value()).isEqualTo(new Box(List.of(4)));
      theirs.close();
    }
  }

  @Test
  void workerLocal_isMadeOfTheClassesOfItsWorker() throws Exception {
    WorkerLocal<Box> local = WorkerLocal.of(() -> new Box(new ArrayList<>()));
    try (Pool pool = Pool.interpreters(1)) {
      for (int i = 1; i <= 3; i++) {
        int number = i;
        get(
            pool.submit(
                () -> {
                  local.get().numbers().add(number);
                }));
      }
      assertThat(get(pool.submit(() -> local.get().numbers()))).containsExactly(1, 2, 3);
    }
  }

  @Test
  void memory_isTheSame() throws Exception {
    try (Arena arena = Arena.ofShared();
        Pool pool = Pool.interpreters(2)) {
      MemorySegment memory = arena.allocate(4 * Integer.BYTES, Integer.BYTES);
      List<Integer> indexes = List.of(0, 1, 2, 3);
      assertThat(
              pool.map(
                  n -> {
                    memory.setAtIndex(ValueLayout.JAVA_INT, n, n * n);
                    return n;
                  },
                  indexes))
          .isEqualTo(indexes);
      assertThat(memory.toArray(ValueLayout.JAVA_INT)).containsExactly(0, 1, 4, 9);
    }
  }

  @Test
  void argument_isReadAtTheCall() throws Exception {
    int[] numbers = {1};
    try (Pool pool = Pool.interpreters(1)) {
      Future<Integer> sum = pool.submit(() -> numbers[0]);
      numbers[0] = 2;
      assertThat(get(sum)).isEqualTo(1);
    }
  }

  @Test
  void task_cannotCross_isRefusedAtTheCall() throws Exception {
    Object stuck = new Object();
    try (Pool pool = Pool.interpreters(1)) {
      assertThatThrownBy(() -> pool.submit(() -> stuck.hashCode()))
          .isInstanceOf(TaskNotSerializableException.class)
          .hasMessageContaining("another interpreter");
      SerializableCallable<Object> returns = () -> List.of(new Object());
      assertThatThrownBy(() -> get(pool.submit(returns)))
          .hasCauseInstanceOf(ResultNotSerializableException.class);
      assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
    }
  }

  @Test
  void pool_insideOfAnInterpreter_hasResultsOfItsClasses() throws Exception {
    try (Pool outer = Pool.interpreters(1)) {
      assertThat(
              get(
                  outer.submit(
                      () -> {
                        counter = 10;
                        try (Pool inner = Pool.interpreters(1)) {
                          return counter + get(inner.submit(() -> next())).count();
                        }
                      })))
          .isEqualTo(11);
      assertThat(
              get(
                  outer.submit(
                      () -> {
                        try (Pool inner = Pool.processes(1)) {
                          return counter + get(inner.submit(() -> next())).count();
                        }
                      })))
          .isEqualTo(11);
    }
  }

  @Test
  @SuppressWarnings("restricted")
  void nativeLibrary_inASecondWorker_saysWhatToDo(@TempDir Path folder) throws Exception {
    String library = library(folder).toString();
    try (Pool pool = Pool.interpreters(o -> o.withWorkers(1).withMaxTasksPerWorker(1));
        Pool other = Pool.interpreters(1)) {
      get(
          other.submit(
              () -> {
                System.load(library);
              }));
      assertThatThrownBy(
              () ->
                  get(
                      pool.submit(
                          () -> {
                            System.load(library);
                          })))
          .cause()
          .isInstanceOf(UnsatisfiedLinkError.class)
          .hasMessageContaining("Pool.processes");
    }
  }

  /** A copy of a library of the JDK, which nobody else loads. */
  private static Path library(Path folder) throws IOException {
    Path copy = folder.resolve("libown.so");
    Files.copy(Path.of(System.getProperty("java.home"), "lib", "libprefs.so"), copy);
    return copy;
  }
}
