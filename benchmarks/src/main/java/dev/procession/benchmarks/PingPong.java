package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.channel.Connection;
import dev.procession.channel.Pipe;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * 32 bytes sent to another process and back, where both may spin; against Aeron IPC between two
 * processes, with a media driver that sleeps, as messages do not pass through it.
 */
final class PingPong implements Comparison {
  private static final String CHANNEL = "aeron:ipc?term-length=1m";
  private static final int PING = 1;
  private static final int PONG = 2;
  private static final int BYTES = 32;
  private static final int TRIPS = 50_000;
  private static final double TARGET = 1.5;

  /**
   * After which the other contender's process sleeps, so that each has the processors to itself.
   */
  private static final Duration SETTLE = Duration.ofMillis(20);

  /** Until the compilers have settled. */
  private static final int WARM_UPS = 40;

  /** Looks of Aeron's other side before it believes that nothing more is measured now. */
  private static final int LOOKS = 100_000;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String folder = setting.work().resolve("aeron").toString();
    String what = "32 bytes there and back, both spin";
    try (Pipe pipe = Pipe.open();
        ChildProcess<?> _ = echoing(pipe.second());
        MediaDriver _ =
            MediaDriver.launch(
                new MediaDriver.Context()
                    .aeronDirectoryName(folder)
                    .threadingMode(ThreadingMode.SHARED)
                    .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                    .dirDeleteOnStart(true)
                    .dirDeleteOnShutdown(true));
        Aeron aeron = connect(folder);
        ExclusivePublication pings = aeron.addExclusivePublication(CHANNEL, PING);
        Subscription pongs = aeron.addSubscription(CHANNEL, PONG);
        ChildProcess<?> other = echoingAeron(folder)) {
      pipe.second().close();
      while (!pings.isConnected() || !pongs.isConnected()) {
        Thread.sleep(Duration.ofMillis(10));
      }
      Line line =
          new Duel(what, WARM_UPS, setting.turns(25), Goal.timesAsLong(TARGET))
              .between(
                  "Connection", () -> trips(pipe.first()), "Aeron IPC", () -> trips(pings, pongs));
      pipe.first().close();
      other.kill();
      return List.of(line);
    }
  }

  // ours

  private static ChildProcess<?> echoing(Connection connection) {
    return ChildProcess.start(
        () -> {
          byte[] bytes = new byte[BYTES];
          try {
            while (true) {
              connection.sendBytes(bytes, 0, connection.receiveBytesInto(bytes, 0));
            }
          } catch (EOFException e) {
            return; // all was measured
          }
        });
  }

  private static double trips(Connection connection) throws IOException {
    byte[] bytes = new byte[BYTES];
    try {
      Thread.sleep(SETTLE);
      trip(connection, bytes); // by then the other side is awake
      long begin = System.nanoTime();
      for (int i = 0; i < TRIPS; i++) {
        trip(connection, bytes);
      }
      return (double) (System.nanoTime() - begin) / TRIPS;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void trip(Connection connection, byte[] bytes)
      throws IOException, InterruptedException {
    connection.sendBytes(bytes);
    if (connection.receiveBytesInto(bytes, 0) != BYTES) {
      throw new IOException("another answer");
    }
  }

  // Aeron

  private static Aeron connect(String folder) {
    return Aeron.connect(
        new Aeron.Context()
            .aeronDirectoryName(folder)
            .idleStrategy(new SleepingMillisIdleStrategy(1)));
  }

  private static ChildProcess<?> echoingAeron(String folder) {
    return ChildProcess.start(
        options ->
            options
                .withDaemon(true)
                .withJvmOptions("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"),
        () -> {
          try (Aeron aeron = connect(folder);
              ExclusivePublication pongs = aeron.addExclusivePublication(CHANNEL, PONG);
              Subscription pings = aeron.addSubscription(CHANNEL, PING)) {
            int looks = 0;
            while (true) {
              int polled =
                  pings.poll(
                      (buffer, offset, length, header) -> {
                        while (pongs.offer(buffer, offset, length) < 0) {
                          Thread.onSpinWait();
                        }
                      },
                      1);
              if (polled > 0) {
                looks = 0;
              } else if (looks++ < LOOKS) {
                Thread.onSpinWait();
              } else {
                LockSupport.parkNanos(1_000_000);
              }
            }
          }
        });
  }

  private static double trips(ExclusivePublication pings, Subscription pongs)
      throws InterruptedException {
    Thread.sleep(SETTLE);
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[BYTES]);
    trip(pings, pongs, buffer); // as above
    long begin = System.nanoTime();
    for (int i = 0; i < TRIPS; i++) {
      trip(pings, pongs, buffer);
    }
    return (double) (System.nanoTime() - begin) / TRIPS;
  }

  private static void trip(ExclusivePublication pings, Subscription pongs, UnsafeBuffer buffer) {
    while (pings.offer(buffer, 0, BYTES) < 0) {
      Thread.onSpinWait();
    }
    while (pongs.poll((bytes, offset, length, header) -> {}, 1) == 0) {
      Thread.onSpinWait();
    }
  }
}
