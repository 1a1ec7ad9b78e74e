// Has workers log: what they say, the loggers of this process log.

import dev.procession.Logging;
import dev.procession.Pool;

static int square(int n) {
  System.getLogger("squares").log(System.Logger.Level.INFO, "squaring " + n);
  return n * n;
}

void main() throws InterruptedException {
  System.setProperty("java.util.logging.SimpleFormatter.format", "%3$s: %5$s%n");
  try (var _ = Logging.forward();
      var pool = Pool.processes(2)) {
    IO.println(pool.map(n -> square(n), List.of(1, 2, 3)));
  }
}

// Output:
// [1, 4, 9]

// Standard error, in any order:
// squares: [pool-<k> <pid>] squaring 1
// squares: [pool-<k> <pid>] squaring 2
// squares: [pool-<k> <pid>] squaring 3
