package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;
import dev.procession.sync.ProcessBarrier;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Integers through a queue from some processes to others; against CPython's {@code Queue}, and
 * Agrona's ring with the same number of bytes.
 */
final class QueueRate implements Comparison {
  private static final int ITEMS = 400_000;
  private static final int BATCH = 1000;
  private static final int BOUND = 1 << 16;
  private static final int LAST = -1;
  private static final double TARGET_PYTHON = 40;
  private static final double TARGET_AGRONA = 2;
  private static final double TARGET_CROWD = 1;

  /** Five million a second. */
  private static final double TARGET_BATCH_NANOS = 200;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    try (Contenders contenders = new Contenders();
        Crowd pair = new Crowd(1, 1, false);
        Crowd batches = new Crowd(1, 1, true);
        Crowd four = new Crowd(4, 4, false);
        AgronaRing ring = new AgronaRing(setting.work().resolve("agrona"))) {
      contenders.add("ProcessQueue", pair::measure);
      contenders.add("putAll and drainTo", batches::measure);
      contenders.add("4 and 4 processes", four::measure);
      contenders.add("OneToOneRingBuffer of Agrona", ring::measure);
      boolean hasPython = contenders.add("Queue of ", setting.python("queue"));
      return lines(contenders.measure(8, setting.turns(25)), hasPython);
    }
  }

  private static List<Line> lines(List<Measured> measured, boolean hasPython) {
    String what = "an Integer through a queue, 1 producer and 1 consumer";
    Measured one = measured.getFirst();
    Line agrona = Line.timesAsLong(what, one, measured.get(3), TARGET_AGRONA);
    Line crowd =
        Line.timesAsLong(
            "the same, 4 producers and 4 consumers", measured.get(2), one, TARGET_CROWD);
    if (!hasPython) {
      return List.of(agrona, crowd, Line.skipped(what, Setting.NO_PYTHON));
    }
    Measured python = measured.getLast();
    double fast = Math.max(TARGET_PYTHON, python.median() / TARGET_BATCH_NANOS);
    return List.of(
        agrona,
        Line.timesAsFast(what, one, python, TARGET_PYTHON),
        Line.timesAsFast("the same in batches of " + BATCH, measured.get(1), python, fast),
        crowd);
  }

  /** Producers and consumers in processes of their own. */
  private static final class Crowd implements AutoCloseable {
    private final ProcessQueue<Integer> queue = ProcessQueue.open(BOUND);
    private final ProcessBarrier start;
    private final ProcessBarrier end;
    private final List<ChildProcess<?>> processes = new ArrayList<>();
    private final int consumers;

    Crowd(int producers, int consumers, boolean batches) {
      this.consumers = consumers;
      this.start = ProcessBarrier.open(producers + 1);
      this.end = ProcessBarrier.open(consumers + producers + 1);
      for (int i = 0; i < producers; i++) {
        processes.add(producer(queue, start, end, ITEMS / producers, batches));
      }
      for (int i = 0; i < consumers; i++) {
        processes.add(consumer(queue, end, batches));
      }
    }

    private static ChildProcess<?> producer(
        ProcessQueue<Integer> queue,
        ProcessBarrier start,
        ProcessBarrier end,
        int items,
        boolean batches) {
      return ChildProcess.start(
          options -> options.withDaemon(true),
          () -> {
            while (true) {
              start.await();
              if (batches) {
                for (int i = 0; i < items; i += BATCH) {
                  List<Integer> batch = new ArrayList<>(BATCH);
                  for (int item = i; item < i + BATCH; item++) {
                    batch.add(item);
                  }
                  queue.putAll(batch);
                }
              } else {
                for (int item = 0; item < items; item++) {
                  queue.put(item);
                }
              }
              end.await();
            }
          });
    }

    private static ChildProcess<?> consumer(
        ProcessQueue<Integer> queue, ProcessBarrier end, boolean batches) {
      return ChildProcess.start(
          options -> options.withDaemon(true),
          () -> {
            List<Integer> batch = new ArrayList<>();
            while (true) {
              int last;
              if (batches) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH);
                last = batch.getLast();
              } else {
                last = queue.take();
              }
              if (last == LAST) {
                end.await();
              }
            }
          });
    }

    /** Nanoseconds of one item. */
    double measure() throws IOException {
      try {
        long begin = System.nanoTime();
        start.await();
        // the last of all: producers are done when they stand at the end
        while (end.getNumberWaiting() < end.getParties() - 1 - consumers || !queue.isEmpty()) {
          Thread.sleep(Duration.ofMillis(1));
        }
        long nanos = System.nanoTime() - begin;
        for (int i = 0; i < consumers; i++) {
          queue.put(LAST);
        }
        end.await();
        return (double) nanos / ITEMS;
      } catch (InterruptedException | BrokenBarrierException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      processes.forEach(ChildProcess::kill);
      queue.close();
      start.close();
      end.close();
    }
  }

  /** Agrona's ring in a mapped file; the consumer is another process. */
  private static final class AgronaRing implements AutoCloseable {
    private static final int CAPACITY = 256 * 1024;
    private static final int LOOKS = 100_000;

    private final OneToOneRingBuffer ring;
    private final UnsafeBuffer item = new UnsafeBuffer(new byte[Integer.BYTES]);
    private final ChildProcess<?> consumer;

    AgronaRing(Path file) throws IOException {
      this.ring = map(file);
      String path = file.toString();
      this.consumer =
          ChildProcess.start(
              options ->
                  options
                      .withDaemon(true)
                      .withJvmOptions("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"),
              () -> consume(map(Path.of(path))));
    }

    private static OneToOneRingBuffer map(Path file) throws IOException {
      long size = (long) CAPACITY + RingBufferDescriptor.TRAILER_LENGTH;
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return new OneToOneRingBuffer(
            new UnsafeBuffer(channel.map(FileChannel.MapMode.READ_WRITE, 0, size)));
      }
    }

    private static void consume(OneToOneRingBuffer ring) {
      int looks = 0;
      while (true) {
        if (ring.read((type, buffer, index, length) -> {}) > 0) {
          looks = 0;
        } else if (looks++ < LOOKS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(1_000_000);
        }
      }
    }

    /** Nanoseconds of one item. */
    double measure() {
      long begin = System.nanoTime();
      for (int i = 0; i < ITEMS; i++) {
        item.putInt(0, i);
        while (!ring.write(1, item, 0, Integer.BYTES)) {
          Thread.onSpinWait();
        }
      }
      while (ring.size() > 0) {
        Thread.onSpinWait();
      }
      return (double) (System.nanoTime() - begin) / ITEMS;
    }

    @Override
    public void close() {
      consumer.kill();
    }
  }
}
