// Applies a function of two arguments to pairs.

import dev.procession.Pool;

void main() throws InterruptedException {
  try (var pool = Pool.processes(2)) {
    IO.println(
        pool.starmap(
            (name, n) -> name.repeat(n),
            List.of(Map.entry("ab", 1), Map.entry("cd", 2), Map.entry("ef", 3))));
  }
}

// Output:
// [ab, cdcd, efefef]
