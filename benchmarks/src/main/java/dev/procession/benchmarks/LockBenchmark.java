package dev.procession.benchmarks;

import dev.procession.sync.ProcessLock;
import dev.procession.sync.ProcessReentrantLock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
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

/** Taking and freeing a lock that nobody else wants; against one of threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("LockNotBeforeTry") // nothing happens in between
public class LockBenchmark {
  private final ProcessLock ofProcesses = ProcessLock.open();
  private final ProcessReentrantLock reentrant = ProcessReentrantLock.open();
  private final ReentrantLock ofThreads = new ReentrantLock();

  /** Removes the files. */
  @TearDown
  public void close() {
    ofProcesses.close();
    reentrant.close();
  }

  /** Between processes. */
  @Benchmark
  public void processLock() {
    lockAndUnlock(ofProcesses);
  }

  /** Between processes, counting and knowing its thread. */
  @Benchmark
  public void processReentrantLock() {
    lockAndUnlock(reentrant);
  }

  /** Between the threads of one. */
  @Benchmark
  public void reentrantLock() {
    lockAndUnlock(ofThreads);
  }

  private static void lockAndUnlock(Lock lock) {
    lock.lock();
    lock.unlock();
  }
}
