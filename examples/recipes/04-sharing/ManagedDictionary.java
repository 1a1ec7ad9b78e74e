// Counts words in processes, into a map that a manager serves.

import dev.procession.Pool;
import dev.procession.manager.Manager;

void main() throws InterruptedException {
  try (var manager = Manager.start();
      var pool = Pool.processes(2)) {
    var counts = manager.<String, Integer>map();
    pool.map(
        word -> counts.merge(word, 1, Integer::sum), List.of("to", "be", "or", "not", "to", "be"));
    IO.println(new TreeMap<>(counts));
  }
}

// Output:
// {be=2, not=1, or=1, to=2}
