// Applies a function in a worker, and does other work meanwhile.

import dev.procession.Pool;

void main() {
  try (var pool = Pool.processes(2)) {
    var sum = pool.submit(() -> LongStream.rangeClosed(1, 100_000_000).sum());
    IO.println("other work");
    IO.println("sum: " + sum.join());
  }
}

// Output:
// other work
// sum: 5000000050000000
