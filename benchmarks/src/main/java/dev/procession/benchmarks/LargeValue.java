package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;

/** An array of 64 MiB to a worker and back; against one copy of that size in one process. */
final class LargeValue implements Comparison {
  private static final int BYTES = 64 << 20;
  private static final double TARGET = 8;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "byte[] of 64 MiB to a worker and back";
    byte[] array = new byte[BYTES];
    byte[] copy = new byte[BYTES];
    ThreadLocalRandom.current().nextBytes(array);
    Arrays.fill(copy, (byte) 1);
    try (Contenders contenders = new Contenders();
        Pool pool = Pool.processes(1)) {
      contenders.add("map of x -> x", () -> thereAndBack(pool, array));
      contenders.add("System.arraycopy", () -> copy(array, copy));
      contenders.add("memcpy, ", setting.c("copy"));
      List<Measured> measured = contenders.measure(5, setting.turns(25));
      Measured ours = measured.getFirst();
      return measured.stream()
          .skip(1)
          .map(theirs -> Line.timesAsLong(what, ours, theirs, TARGET))
          .toList();
    }
  }

  private static double thereAndBack(Pool pool, byte[] array) throws InterruptedException {
    long begin = System.nanoTime();
    byte[] back = pool.<byte[], byte[]>map(bytes -> bytes, List.of(array)).getFirst();
    long nanos = System.nanoTime() - begin;
    if (!Arrays.equals(array, back)) {
      throw new IllegalStateException("came back changed");
    }
    return nanos;
  }

  private static double copy(byte[] from, byte[] to) {
    long begin = System.nanoTime();
    System.arraycopy(from, 0, to, 0, from.length);
    return System.nanoTime() - begin;
  }
}
