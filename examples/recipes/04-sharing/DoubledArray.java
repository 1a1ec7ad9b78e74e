// Doubles the numbers of an array in another process.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedIntArray;

static void doubleAll(SharedIntArray array) {
  for (int i = 0; i < array.length(); i++) {
    array.set(i, 2 * array.get(i));
  }
}

void main() throws InterruptedException {
  try (var array = SharedArray.ofInts(1, 2, 3, 4, 5)) {
    ChildProcess.start(() -> doubleAll(array)).join();
    IO.println(Arrays.toString(array.toArray()));
  }
}

// Output:
// [2, 4, 6, 8, 10]
