// Counts the primes below five million, in ranges that workers share.

import dev.procession.Pool;

static final int LIMIT = 5_000_000;
static final int STEP = 100_000;

static boolean isPrime(int n) {
  return n > 1 && IntStream.rangeClosed(2, (int) Math.sqrt(n)).allMatch(d -> n % d != 0);
}

static long primesFrom(int begin) {
  return IntStream.range(begin, begin + STEP).filter(n -> isPrime(n)).count();
}

void main() throws InterruptedException {
  var begins = IntStream.iterate(0, n -> n < LIMIT, n -> n + STEP).boxed().toList();
  try (var pool = Pool.processes(4)) {
    IO.println(pool.map(n -> primesFrom(n), begins).stream().mapToLong(n -> n).sum());
  }
}

// Output:
// 348513
