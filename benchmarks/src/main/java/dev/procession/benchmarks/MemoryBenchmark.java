package dev.procession.benchmarks;

import dev.procession.memory.SharedLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A number that processes share, against one that threads share. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MemoryBenchmark {
  private final AtomicLong atomic = new AtomicLong();
  private final SharedLong shared = SharedLong.open(0);

  /** Removes the file. */
  @TearDown
  public void close() {
    shared.close();
  }

  /** The number of threads. */
  @Benchmark
  public long incrementAtomicLong() {
    return atomic.incrementAndGet();
  }

  /** The number of processes. */
  @Benchmark
  public long incrementSharedLong() {
    return shared.incrementAndGet();
  }

  /** The number of threads. */
  @Benchmark
  public long getAtomicLong() {
    return atomic.get();
  }

  /** The number of processes. */
  @Benchmark
  public long getSharedLong() {
    return shared.get();
  }
}
