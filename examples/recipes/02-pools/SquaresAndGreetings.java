// Squares numbers in a pool, and says which process a task has run in.

import dev.procession.Pool;

void main() throws Exception {
  try (var pool = Pool.processes(4)) {
    List<Integer> squares = pool.map(n -> n * n, List.of(1, 2, 3, 4, 5));
    var pid = pool.submit(() -> ProcessHandle.current().pid());
    IO.println(squares + ", and greetings from process " + pid.get());
  }
}

// Output:
// [1, 4, 9, 16, 25], and greetings from process <pid>
