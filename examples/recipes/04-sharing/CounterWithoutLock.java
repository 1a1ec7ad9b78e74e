// Counts to 4,000 in four processes, by increments that are atomic.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedInt;

static void count(SharedInt counter) {
  for (int i = 0; i < 1000; i++) {
    counter.incrementAndGet();
  }
}

void main() throws InterruptedException {
  try (var counter = SharedInt.open(0)) {
    for (int i = 0; i < 4; i++) {
      ChildProcess.start(() -> count(counter));
    }
    for (var child : ChildProcess.active()) {
      child.join();
    }
    IO.println(counter.get());
  }
}

// Output:
// 4000
