// Submits a task to an interpreter, which is in this process.

import dev.procession.Pool;

void main() {
  try (var pool = Pool.interpreters(1)) {
    var power = pool.submit(() -> Math.powExact(2, 10));
    var pid = pool.submit(() -> ProcessHandle.current().pid());
    IO.println(power.join());
    IO.println("in this process: " + (pid.join() == ProcessHandle.current().pid()));
  }
}

// Output:
// 1024
// in this process: true
