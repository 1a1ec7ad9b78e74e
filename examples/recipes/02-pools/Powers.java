// Computes powers, whose base and exponent are pairs.

import dev.procession.Pool;

void main() throws InterruptedException {
  try (var pool = Pool.processes(2)) {
    var pairs = List.of(Map.entry(2, 5), Map.entry(3, 2), Map.entry(10, 3));
    IO.println(pool.starmap((base, exponent) -> Math.powExact(base, exponent), pairs));
  }
}

// Output:
// [32, 9, 1000]
