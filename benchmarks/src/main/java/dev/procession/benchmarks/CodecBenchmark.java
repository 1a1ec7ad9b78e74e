package dev.procession.benchmarks;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.Frames;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Values to frames and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
  /** What a value is. */
  public enum Kind {
    /** A boxed number. */
    INTEGER,
    /** Twelve letters. */
    STRING,
    /** A record of a text, a number and a double. */
    RECORD,
    /** A hundred boxed numbers. */
    LIST
  }

  /** What is encoded. */
  @Param public Kind kind = Kind.INTEGER;

  private final Encoder encoder = new Encoder(ClassTable.common());
  private final Decoder decoder = new Decoder(ClassTable.common());
  private Object value = "";
  private Frames frames = Encoder.encode("", ClassTable.common());

  record Sample(String text, int number, double weight) {}

  /** Makes the value. */
  @Setup
  public void prepare() {
    value =
        switch (kind) {
          case INTEGER -> 123_456;
          case STRING -> "twelve chars";
          case RECORD -> new Sample("sample", 42, 2.5);
          case LIST -> new ArrayList<>(IntStream.range(0, 100).boxed().toList());
        };
    frames = Encoder.encode(value, ClassTable.common());
  }

  /** As a task's result is encoded: a frame of its own. */
  @Benchmark
  public Frames encode() {
    encoder.add(value);
    return encoder.take();
  }

  /** The value of a frame. */
  @Benchmark
  public @Nullable Object decode() {
    return decoder.decode(frames, 0);
  }
}
