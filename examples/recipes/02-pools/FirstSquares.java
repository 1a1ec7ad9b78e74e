// Squares 10,000 numbers, and shows the first five.

import dev.procession.Pool;

void main() throws InterruptedException {
  try (var pool = Pool.processes(4)) {
    var numbers = IntStream.range(0, 10_000).boxed().toList();
    IO.println(pool.map(n -> n * n, numbers).subList(0, 5));
  }
}

// Output:
// [0, 1, 4, 9, 16]
