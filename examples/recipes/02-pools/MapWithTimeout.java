// Counts primes from 100,000 to 100,100, waiting at most 10 seconds.

import dev.procession.Pool;

static boolean isPrime(int n) {
  return IntStream.rangeClosed(2, (int) Math.sqrt(n)).allMatch(d -> n % d != 0);
}

void main() throws Exception {
  try (var pool = Pool.processes(4)) {
    var numbers = IntStream.rangeClosed(100_000, 100_100).boxed().toList();
    var primes = pool.mapAsync(n -> isPrime(n), numbers).get(10, TimeUnit.SECONDS);
    IO.println(Collections.frequency(primes, true));
  }
}

// Output:
// 6
