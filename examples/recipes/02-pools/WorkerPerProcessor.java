// Opens a pool with a worker for each processor.

import dev.procession.Pool;

void main() {
  int processors = Runtime.getRuntime().availableProcessors();
  try (var pool = Pool.processes(processors)) {
    IO.println(pool.stats().workers().size() + " workers, " + processors + " processors");
  }
}

// Output:
// <n> workers, <n> processors
