// Starts five workers in a loop; the program ends when they have.

import dev.procession.ChildProcess;

void main() {
  for (int n : List.of(1, 2, 3, 4, 5)) {
    ChildProcess.start(() -> IO.println("worker " + n));
  }
}

// Output, in any order:
// worker 1
// worker 2
// worker 3
// worker 4
// worker 5
