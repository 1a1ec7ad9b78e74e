// Moves a point, a record in shared memory, from two processes.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedStruct;

record Point(int x, double y) {}

static void move(SharedStruct<Point> point, int right, double up) {
  for (int i = 0; i < 1000; i++) {
    point.updateAndGet(p -> new Point(p.x() + right, p.y() + up));
  }
}

void main() {
  try (var point = SharedStruct.open(new Point(0, 0))) {
    try (var _ = ChildProcess.start(() -> move(point, 1, 0.5));
        var _ = ChildProcess.start(() -> move(point, 2, 0.25))) {
      IO.println("two processes, one point");
    }
    IO.println(point.get());
  }
}

// Output:
// two processes, one point
// Point[x=3000, y=750.0]
