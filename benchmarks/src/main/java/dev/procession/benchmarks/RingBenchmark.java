package dev.procession.benchmarks;

import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.segment.SharedBytes;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A record through the ring, both ends in one thread: what it costs without any waiting. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RingBenchmark {
  private static final int CAPACITY = 256 * 1024;
  private static final int TYPE = 1;

  /** Bytes of a body. */
  @Param({"16", "1024"})
  public int length;

  private final SharedBytes bytes = SharedBytes.local(OneToOneRing.size(CAPACITY));
  private final OneToOneRing producer = new OneToOneRing(bytes, 0, CAPACITY);
  private final OneToOneRing consumer = new OneToOneRing(bytes, 0, CAPACITY);
  private final byte[] sent = new byte[1024];
  private final byte[] received = new byte[1024];

  /** One record, with the looks for a sleeper that belong to it. */
  @Benchmark
  public byte[] handOff() {
    int offset = producer.claim(TYPE, length);
    bytes.putBytes(offset, sent, 0, length);
    producer.publish();
    producer.wakeConsumer(RingBenchmark::nobodySleeps);
    if (!consumer.next()) {
      throw new IllegalStateException("no record");
    }
    bytes.getBytes(consumer.body(), received, 0, consumer.length());
    consumer.release();
    consumer.wakeProducer(RingBenchmark::nobodySleeps);
    return received;
  }

  private static void nobodySleeps() {
    throw new IllegalStateException("nobody sleeps");
  }
}
