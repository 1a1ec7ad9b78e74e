// Returns a value from a process through a queue.

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;

void main() throws InterruptedException {
  try (var queue = ProcessQueue.<List<Object>>open()) {
    ChildProcess.start(() -> queue.put(List.of(42, "hello")));
    IO.println(queue.take());
  }
}

// Output:
// [42, hello]
