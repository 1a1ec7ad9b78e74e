// Ends although nobody takes what is on a queue.

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;

static void fill(ProcessQueue<String> queue) throws InterruptedException {
  for (int i = 0; i < 1000; i++) {
    queue.put("x".repeat(10_000));
  }
}

void main() throws InterruptedException {
  try (var queue = ProcessQueue.<String>open()) {
    ChildProcess.start(() -> fill(queue)).join();
    IO.println("worker has ended, still on the queue: " + queue.size());
  }
}

// Output:
// worker has ended, still on the queue: 1000
