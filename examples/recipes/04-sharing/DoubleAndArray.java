// Has another process change a double and an array.

import dev.procession.ChildProcess;
import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedDouble;

void main() throws InterruptedException {
  try (var number = SharedDouble.open(0);
      var array = SharedArray.ofInts(0, 1, 2, 3, 4)) {
    ChildProcess.start(
            () -> {
              number.set(3.1415927);
              array.set(0, -1);
            })
        .join();
    IO.println(number.get());
    IO.println(Arrays.toString(array.toArray()));
  }
}

// Output:
// 3.1415927
// [-1, 1, 2, 3, 4]
