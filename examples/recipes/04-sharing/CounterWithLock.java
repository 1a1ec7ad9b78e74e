// Counts to 4,000 in four processes, which take turns by a lock.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedInt;
import dev.procession.sync.ProcessLock;

static void count(SharedInt counter, ProcessLock lock) {
  for (int i = 0; i < 1000; i++) {
    lock.lock();
    try {
      counter.set(counter.get() + 1);
    } finally {
      lock.unlock();
    }
  }
}

void main() throws InterruptedException {
  try (var counter = SharedInt.open(0);
      var lock = ProcessLock.open()) {
    for (int i = 0; i < 4; i++) {
      ChildProcess.start(() -> count(counter, lock));
    }
    for (var child : ChildProcess.active()) {
      child.join();
    }
    IO.println(counter.get());
  }
}

// Output:
// 4000
