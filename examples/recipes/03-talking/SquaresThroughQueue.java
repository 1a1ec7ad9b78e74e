// Collects the squares that five workers put on a queue.

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;

void main() throws InterruptedException {
  try (var queue = ProcessQueue.<Integer>open()) {
    for (int n : List.of(1, 2, 3, 4, 5)) {
      ChildProcess.start(() -> queue.put(n * n));
    }
    for (int i = 0; i < 5; i++) {
      IO.println(queue.take());
    }
  }
}

// Output, in any order:
// 1
// 4
// 9
// 16
// 25
