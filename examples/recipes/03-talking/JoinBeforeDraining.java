// Joins a process before taking what it has put, which may be large.

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;

void main() throws InterruptedException {
  try (var queue = ProcessQueue.<String>open()) {
    ChildProcess.start(() -> queue.put("x".repeat(1_000_000))).join();
    IO.println(queue.take().length());
  }
}

// Output:
// 1000000
