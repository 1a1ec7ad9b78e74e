package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.channel.Connection;
import dev.procession.channel.Pipe;
import dev.procession.memory.SharedMemory;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** One GiB to another process: through a pipe, against copying it; and by reference. */
final class Gigabyte implements Comparison {
  private static final long BYTES = 1L << 30;
  private static final double TARGET_COPY = 3;
  private static final double TARGET_REFERENCE_NANOS = 1e6;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    try (Pipe pipe = Pipe.open();
        ChildProcess<?> _ = receiving(pipe.second());
        Connection ours = pipe.first()) { // closed first, as the process ends with it
      pipe.second().close();
      return List.of(copied(setting, ours), byReference(setting, ours));
    }
  }

  private static Line copied(Setting setting, Connection connection)
      throws IOException, ExecutionException, InterruptedException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment source = arena.allocate(BYTES).fill((byte) 1);
      MemorySegment target = arena.allocate(BYTES).fill((byte) 2);
      return new Duel("1 GiB through a Pipe", 3, setting.turns(15), Goal.timesAsLong(TARGET_COPY))
          .between(
              "sendBytes",
              () -> send(connection, source),
              "copy within a process",
              () -> copy(source, target));
    }
  }

  private static Line byReference(Setting setting, Connection connection)
      throws IOException, ExecutionException, InterruptedException {
    try (Contenders contenders = new Contenders();
        SharedMemory memory = SharedMemory.create(BYTES)) {
      contenders.add("SharedMemory", () -> handOver(connection, memory));
      return Line.atMost(
          "1 GiB by reference, its last byte read, and back",
          contenders.measure(3, setting.turns(25)).getFirst(),
          TARGET_REFERENCE_NANOS);
    }
  }

  /** Receives bytes, or a block, and answers. */
  private static ChildProcess<?> receiving(Connection connection) {
    return ChildProcess.start(
        () -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(BYTES).fill((byte) 3);
            while (true) {
              if (connection.receive() instanceof SharedMemory memory) {
                connection.send(memory.segment().get(ValueLayout.JAVA_BYTE, BYTES - 1));
              } else {
                connection.send(connection.receiveBytesInto(target));
              }
            }
          } catch (EOFException e) {
            return; // all was measured
          }
        });
  }

  private static double send(Connection connection, MemorySegment source) throws IOException {
    try {
      connection.send("bytes follow");
      long begin = System.nanoTime();
      connection.sendBytes(source);
      if (connection.receive(Long.class) != BYTES) {
        throw new IOException("another length");
      }
      return System.nanoTime() - begin;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static double copy(MemorySegment source, MemorySegment target) {
    long begin = System.nanoTime();
    target.copyFrom(source);
    return System.nanoTime() - begin;
  }

  private static double handOver(Connection connection, SharedMemory memory) throws IOException {
    try {
      memory.segment().set(ValueLayout.JAVA_BYTE, BYTES - 1, (byte) 7);
      long begin = System.nanoTime();
      connection.send(memory);
      if (connection.receive(Byte.class) != 7) {
        throw new IOException("another byte");
      }
      return System.nanoTime() - begin;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
