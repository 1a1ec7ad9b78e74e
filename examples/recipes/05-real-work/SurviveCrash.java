// Lets native code crash: one task is lost, the others are not.

import dev.procession.Output;
import dev.procession.Pool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

@SuppressWarnings("restricted") // that it writes where nothing is, is the point
static int square(int n) {
  if (n == 3) {
    MemorySegment.ofAddress(8).reinterpret(4).set(ValueLayout.JAVA_INT, 0, n);
  }
  return n * n;
}

void main() {
  var noFiles = new String[] {"-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash"};
  try (var pool =
      Pool.processes(o -> o.withWorkers(2).withOutput(Output.DISCARDED).withJvmOptions(noFiles))) {
    var squares = Stream.of(1, 2, 3, 4, 5).map(n -> pool.submit(() -> square(n))).toList();
    for (var square : squares) {
      IO.println(square.handle((n, e) -> e == null ? n : e.getClass().getSimpleName()).join());
    }
  }
}

// Output:
// 1
// 4
// WorkerDiedException
// 16
// 25
