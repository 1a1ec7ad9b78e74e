// Runs a function in a process of its own.

import dev.procession.ChildProcess;

void main() throws InterruptedException {
  String name = "bob";
  ChildProcess.start(() -> IO.println("hello " + name)).join();
}

// Output:
// hello bob
