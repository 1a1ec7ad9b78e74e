// Lets a task fill its heap: one task is lost, the others are not.

import dev.procession.Pool;

static int square(int n) {
  var text = "more and ";
  while (n == 3) {
    text = text.repeat(2);
  }
  return n * n;
}

void main() {
  try (var pool = Pool.processes(o -> o.withWorkers(2).withMaxHeap("64m"))) {
    var squares = Stream.of(1, 2, 3, 4, 5).map(n -> pool.submit(() -> square(n))).toList();
    for (var square : squares) {
      IO.println(square.handle((n, e) -> e == null ? n : e.getClass().getSimpleName()).join());
    }
  }
}

// Output:
// 1
// 4
// OutOfMemoryError
// 16
// 25
