// Waits until all workers have ended.

import dev.procession.ChildProcess;

void main() throws InterruptedException {
  for (int millis : List.of(300, 200, 100)) {
    ChildProcess.start(() -> Thread.sleep(Duration.ofMillis(millis)));
  }
  for (var worker : ChildProcess.active()) {
    worker.join();
  }
  IO.println("still running: " + ChildProcess.active().size());
}

// Output:
// still running: 0
