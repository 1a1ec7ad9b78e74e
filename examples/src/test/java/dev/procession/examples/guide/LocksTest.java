package dev.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.memory.SharedInt;
import dev.procession.sync.ProcessLock;
import org.junit.jupiter.api.Test;

class LocksTest {
  private static void restore(SharedInt value) {
    value.set(0);
  }

  private static void update(SharedInt value) {
    value.incrementAndGet();
  }

  @Test
  void lock_ofADeadOwner() throws InterruptedException {
    try (var lock = ProcessLock.open();
        var value = SharedInt.open(41)) {
      ChildProcess.start(
              () -> {
                lock.lock();
                Runtime.getRuntime().halt(0);
              })
          .join();

      lock.lock();
      try {
        if (lock.isAbandoned()) {
          restore(value);
        }
        update(value);
      } finally {
        lock.unlock();
      }

      assertThat(value.get()).isEqualTo(1);
    }
  }
}
