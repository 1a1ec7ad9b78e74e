// Shows a lambda that cannot travel, and its cure: a type that can.

import dev.procession.Pool;
import dev.procession.TaskNotSerializableException;
import dev.procession.function.SerializableFunction;

void main() throws InterruptedException {
  Function<Integer, Integer> stays = n -> n * n;
  SerializableFunction<Integer, Integer> travels = n -> n * n;
  try (var pool = Pool.processes(2)) {
    IO.println(pool.map(n -> travels.apply(n), List.of(1, 2, 3)));
    try {
      IO.println(pool.map(n -> stays.apply(n), List.of(1, 2, 3)));
    } catch (TaskNotSerializableException e) {
      IO.println(e.getMessage());
    }
  }
}

// Output:
// [1, 4, 9]
// lambda is not Serializable, so it cannot travel to another process...
