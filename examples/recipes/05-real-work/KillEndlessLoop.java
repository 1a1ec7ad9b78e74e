// Kills a loop that would never end: its task has a second.

import dev.procession.Pool;

static int square(int n) {
  while (n == 3) {
    Thread.onSpinWait();
  }
  return n * n;
}

void main() {
  try (var pool = Pool.processes(2).with(task -> task.withHardTimeout(Duration.ofSeconds(1)))) {
    var squares = Stream.of(1, 2, 3, 4, 5).map(n -> pool.submit(() -> square(n))).toList();
    for (var square : squares) {
      IO.println(square.handle((n, e) -> e == null ? n : e.getClass().getSimpleName()).join());
    }
  }
}

// Output:
// 1
// 4
// TaskTimeoutException
// 16
// 25
