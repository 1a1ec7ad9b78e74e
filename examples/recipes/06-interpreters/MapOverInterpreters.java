// Maps numbers over three interpreters.

import dev.procession.Pool;

void main() throws InterruptedException {
  try (var pool = Pool.interpreters(3)) {
    IO.println(pool.map(n -> n * n, List.of(1, 2, 3, 4, 5)));
  }
}

// Output:
// [1, 4, 9, 16, 25]
