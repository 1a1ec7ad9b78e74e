// Sends a string through a queue.

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;

void main() throws InterruptedException {
  try (var queue = ProcessQueue.<String>open()) {
    ChildProcess.start(() -> queue.put("hello"));
    IO.println(queue.take());
  }
}

// Output:
// hello
