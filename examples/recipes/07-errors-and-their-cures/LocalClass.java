// Shows a local class that cannot travel, and its cure: a local record.

import dev.procession.Pool;
import dev.procession.TaskNotSerializableException;

void main() {
  class Counter {
    int count;

    int next() {
      return ++count;
    }
  }
  record Count(int count) {
    int next() {
      return count + 1;
    }
  }
  var counter = new Counter();
  var count = new Count(41);
  try (var pool = Pool.processes(2)) {
    IO.println(pool.submit(() -> count.next()).join());
    try {
      IO.println(pool.submit(() -> counter.next()).join());
    } catch (TaskNotSerializableException e) {
      IO.println(e.getMessage());
    }
  }
}

// Output:
// 42
// value cannot travel to another process: class=LocalClass$1Counter...
