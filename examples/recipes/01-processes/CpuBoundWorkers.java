// Lets two workers compute, and shows their names, pids and exit codes.

import dev.procession.ChildProcess;

static long primesBelow(int limit) {
  return IntStream.range(2, limit)
      .filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).allMatch(d -> n % d != 0))
      .count();
}

void main() throws InterruptedException {
  var first = ChildProcess.start(o -> o.withName("first"), () -> primesBelow(300_000));
  var second = ChildProcess.start(o -> o.withName("second"), () -> primesBelow(300_000));
  for (var worker : List.of(first, second)) {
    worker.join();
    IO.println(worker.name() + ", pid " + worker.pid() + ": exit " + worker.exitStatus().get());
  }
}

// Output:
// first, pid <pid>: exit code 0
// second, pid <pid>: exit code 0
