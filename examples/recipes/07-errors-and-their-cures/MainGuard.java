// Needs no main guard: workers run what they are given, never main.

import dev.procession.ChildProcess;

void main() throws InterruptedException {
  IO.println("main runs");
  ChildProcess.start(() -> IO.println("the worker runs")).join();
}

// Output:
// main runs
// the worker runs
