package dev.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedInt;
import dev.procession.memory.SharedList;
import dev.procession.memory.SharedLongArray;
import dev.procession.memory.SharedMemory;
import dev.procession.memory.SharedMemoryScope;
import dev.procession.memory.SharedStruct;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest extends InOwnFolder {
  private static void restore(SharedLongArray account) {
    account.fill(0);
  }

  record Progress(int done, int failed, double seconds) {
    Progress plus(double more) {
      return new Progress(done + 1, failed, seconds + more);
    }
  }

  @Test
  void numbersAndArrays() throws InterruptedException {
    try (var sums = SharedArray.longs(10);
        var done = SharedInt.open(0);
        var pool = Pool.processes(4)) {
      pool.map(
          n -> {
            sums.addAndGet(n % 10, n);
            return done.incrementAndGet();
          },
          List.of(1, 12, 21));
      IO.println(done.get() + " done, the sum is " + sums.stream().sum());
      assertThat(sums.toArray()).startsWith(0, 22, 12);
    }
  }

  @Test
  void severalElements_atOnce() {
    try (var account = SharedArray.longs(2)) {
      var lock = account.lock();
      lock.lock();
      try {
        if (lock.isAbandoned()) {
          restore(account); // its owner has died half way
        }
        account.set(0, account.get(0) - 10);
        account.set(1, account.get(1) + 10);
      } finally {
        lock.unlock();
      }
      assertThat(account.toArray()).containsExactly(-10, 10);
    }
  }

  @Test
  void struct_isSetWhole() throws InterruptedException {
    try (var progress = SharedStruct.open(new Progress(0, 0, 0));
        var pool = Pool.processes(4)) {
      pool.map(n -> progress.updateAndGet(p -> p.plus(n)).done(), List.of(1, 2, 3));
      IO.println(progress.get());
      assertThat(progress.get()).isEqualTo(new Progress(3, 0, 6));
    }
  }

  @Test
  void list_ofTextsAndNumbers() throws InterruptedException {
    try (var state = SharedList.open(Arrays.asList("starting", 0L, null), 100)) {
      var child =
          ChildProcess.start(
              () -> {
                state.set(0, "loaded");
                state.set(2, 0.5);
              });
      child.join();
      IO.println(state); // [loaded, 0, 0.5]
      assertThat(state.toString()).contains("[loaded, 0, 0.5]");
    }
  }

  @Test
  void block_withAName() throws Exception {
    try (var image = SharedMemory.create("image", 1 << 20)) {
      image.segment().fill((byte) 7);
      var child =
          ChildProcess.call(
              () -> {
                try (var same = SharedMemory.attach("image")) { // or capture image
                  return same.segment().get(ValueLayout.JAVA_BYTE, 1000);
                }
              });
      IO.println(child.result().get());
      assertThat(child.result().get()).isEqualTo((byte) 7);
    }
  }

  @Test
  void scope_closesEverything() throws Exception {
    try (var scope = SharedMemoryScope.open()) {
      var block = scope.memory(1 << 20);
      var names = scope.list(List.of("one", "two"));
      var counts = scope.add(SharedArray.longs(2)); // whatever is AutoCloseable
      assertThat(block.size() + names.size() + counts.length()).isEqualTo((1 << 20) + 4);
    }
  }
}
