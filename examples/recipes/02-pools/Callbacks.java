// Has callbacks called: one with the result, another with the error.

import dev.procession.Pool;

void main() {
  try (var pool = Pool.processes(2)) {
    pool.submit(() -> 6 * 7).thenAccept(result -> IO.println("result: " + result)).join();
    pool.submit(() -> Integer.parseInt("six"))
        .exceptionally(
            error -> {
              IO.println("error: " + error.getMessage());
              return 0;
            })
        .join();
  }
}

// Output:
// result: 42
// error: For input string: "six"
