package dev.procession.benchmarks;

import dev.procession.internal.segment.ByteCopy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Copies of a few bytes between arrays and native memory, one kind after the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CopyBenchmark {
  private static final int ROOM = 4096;
  private static final int KINDS = 3;

  /** Bytes of a copy. */
  @Param({"8", "24", "62", "200"})
  public int size = Long.BYTES;

  private final MemorySegment[] memories = {
    MemorySegment.ofArray(new byte[ROOM]),
    MemorySegment.ofArray(new long[ROOM / Long.BYTES]),
    Arena.ofAuto().allocate(ROOM)
  };

  /** As the library copies. */
  @Benchmark
  @OperationsPerInvocation(KINDS)
  public void byteCopy() {
    for (int i = 0; i < KINDS; i++) {
      ByteCopy.copy(memories[i], 0, memories[(i + 1) % KINDS], 1, size);
    }
  }

  /** By the JDK's method without layouts. */
  @Benchmark
  @OperationsPerInvocation(KINDS)
  public void segmentCopy() {
    for (int i = 0; i < KINDS; i++) {
      MemorySegment.copy(memories[i], 0, memories[(i + 1) % KINDS], 1, size);
    }
  }
}
