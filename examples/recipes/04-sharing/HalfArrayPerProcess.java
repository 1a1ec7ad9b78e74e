// Has each of two processes square half of an array.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedIntArray;

static void square(SharedIntArray array, int from, int to) {
  for (int i = from; i < to; i++) {
    array.set(i, array.get(i) * array.get(i));
  }
}

void main() {
  try (var array = SharedArray.ofInts(1, 2, 3, 4, 5, 6, 7, 8)) {
    try (var _ = ChildProcess.start(() -> square(array, 0, 4));
        var _ = ChildProcess.start(() -> square(array, 4, 8))) {
      IO.println("two processes, one array");
    }
    IO.println(Arrays.toString(array.toArray()));
  }
}

// Output:
// two processes, one array
// [1, 4, 9, 16, 25, 36, 49, 64]
