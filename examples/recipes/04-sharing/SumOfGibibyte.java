// Sums 1 GiB in two processes, by the Vector API if the JDK has it.

import dev.procession.Output;
import dev.procession.Pool;
import dev.procession.ProcessPoolOptions;
import dev.procession.memory.SharedArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.module.ModuleFinder;
import java.nio.ByteOrder;

static final String VECTORS = "jdk.incubator.vector";
static final long PART = 16 << 20;

/** By handles: what names the Vector API does not compile, nor run, where that is absent. */
static final class Vectors {
  static final MethodHandle LOAD;
  static final MethodHandle ADD;
  static final MethodHandle LANES;

  static {
    try {
      var lookup = MethodHandles.publicLookup();
      var vector = Class.forName(VECTORS + ".LongVector");
      var species = vector.getField("SPECIES_PREFERRED");
      var load =
          vector.getMethod(
              "fromMemorySegment",
              species.getType(),
              MemorySegment.class,
              long.class,
              ByteOrder.class);
      LOAD =
          MethodHandles.insertArguments(
              lookup.unreflect(load).bindTo(species.get(null)), 2, ByteOrder.nativeOrder());
      ADD = lookup.unreflect(vector.getMethod("add", Class.forName(VECTORS + ".Vector")));
      LANES = lookup.unreflect(vector.getMethod("toLongArray"));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Vectors() {}

  static long sum(MemorySegment numbers) {
    try {
      Object sums = LOAD.invoke(numbers, 0L);
      int size = Long.BYTES * ((long[]) LANES.invoke(sums)).length;
      for (long at = size; at < numbers.byteSize(); at += size) {
        sums = (Object) ADD.invoke(sums, LOAD.invoke(numbers, at));
      }
      return LongStream.of((long[]) LANES.invoke(sums)).sum();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

static long plainSum(MemorySegment numbers) {
  long sum = 0;
  for (long at = 0; at < numbers.byteSize(); at += Long.BYTES) {
    sum += numbers.get(ValueLayout.JAVA_LONG, at);
  }
  return sum;
}

static long sum(MemorySegment numbers) {
  return ModuleLayer.boot().findModule(VECTORS).isPresent()
      ? Vectors.sum(numbers)
      : plainSum(numbers);
}

// A JVM that has an incubator module says so on its standard error, which goes nowhere here.
static ProcessPoolOptions withVectors(ProcessPoolOptions options) {
  return ModuleFinder.ofSystem().find(VECTORS).isEmpty()
      ? options
      : options.withJvmOptions("--add-modules", VECTORS).withOutput(Output.DISCARDED);
}

void main() throws InterruptedException {
  try (var array = SharedArray.longs(1 << 27);
      var pool = Pool.processes(o -> withVectors(o).withWorkers(2))) {
    var memory = array.segment();
    for (int i = 0; i < array.length(); i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, i);
    }
    var parts = LongStream.range(0, memory.byteSize() / PART).boxed().toList();
    var sums = pool.map(n -> sum(array.segment().asSlice(n * PART, PART)), parts);
    IO.println(sums.stream().mapToLong(n -> n).sum());
  }
}

// Output:
// 9007199187632128
