// Sums 100 integers in another process, which gets no copy of them.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

static int sum(MemorySegment integers) {
  return integers
      .elements(ValueLayout.JAVA_INT)
      .mapToInt(i -> i.get(ValueLayout.JAVA_INT, 0))
      .sum();
}

void main() {
  try (var memory = SharedMemory.create(100 * Integer.BYTES)) {
    for (int i = 0; i < 100; i++) {
      memory.segment().setAtIndex(ValueLayout.JAVA_INT, i, i);
    }
    IO.println(ChildProcess.call(() -> sum(memory.segment())).result().join());
  }
}

// Output:
// 4950
