// Squares numbers in a pool of five workers.

import dev.procession.Pool;

void main() throws InterruptedException {
  try (var pool = Pool.processes(5)) {
    IO.println(pool.map(n -> n * n, List.of(1, 2, 3)));
  }
}

// Output:
// [1, 4, 9]
