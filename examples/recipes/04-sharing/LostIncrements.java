// Loses increments: four processes read a counter before any writes it.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedInt;
import dev.procession.sync.ProcessBarrier;

static void count(SharedInt counter, ProcessBarrier barrier) throws Exception {
  for (int i = 0; i < 1000; i++) {
    int before = counter.get();
    barrier.await(); // what happens now and then without it happens each time
    counter.set(before + 1);
    barrier.await();
  }
}

void main() throws InterruptedException {
  try (var counter = SharedInt.open(0);
      var barrier = ProcessBarrier.open(4)) {
    for (int i = 0; i < 4; i++) {
      ChildProcess.start(() -> count(counter, barrier));
    }
    for (var child : ChildProcess.active()) {
      child.join();
    }
    IO.println(counter.get() + ", not 4000");
  }
}

// Output:
// 1000, not 4000
