// Returns a value from a process.

import dev.procession.ChildProcess;

void main() {
  IO.println(ChildProcess.call(() -> 6 * 7).result().join());
}

// Output:
// 42
