package dev.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.ExitStatus;
import dev.procession.Output;
import dev.procession.ProcessOptions;
import dev.procession.sync.ProcessEvent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/**
 * How a process ends in the middle of something. What it is in the middle of, a thread beside its
 * task does; the task itself ends it, unless it is killed.
 */
public enum Ending {
  KILL,
  EXIT,
  HALT,
  /** Stopped first, so that nothing of it is under way when it is killed. */
  STOP,
  /**
   * The task takes all of its heap and ends with the error. The heap stays taken: the thread beside
   * it may get the error anywhere in the library, and what the library does at the end as well.
   */
  OUT_OF_MEMORY,
  /** The task calls itself, and ends with the error. */
  STACK_OVERFLOW,
  /** The task writes where no memory is. The other thread goes on while the JVM writes about it. */
  NATIVE_CRASH;

  /** Those that nobody has asked for. */
  public static final Set<Ending> FAILURES =
      EnumSet.of(OUT_OF_MEMORY, STACK_OVERFLOW, NATIVE_CRASH);

  /** Each point with those that somebody asks for; some with the {@link #FAILURES} as well. */
  public static <P> Stream<Arguments> at(P[] points, Set<P> withFailures) {
    return Arrays.stream(points)
        .flatMap(
            point ->
                Arrays.stream(values())
                    .filter(end -> !FAILURES.contains(end) || withFailures.contains(point))
                    .map(end -> Arguments.of(point, end)));
  }

  private static final int LIVED_NO_LONGER = 99;

  /** Of a signal with which a JVM ends that has crashed. */
  private static final int ABORT = 6;

  /** All of the heap. */
  private static volatile Object @Nullable [] hoard;

  /** What a process does until it ends. */
  public interface Life {
    void live() throws Exception;
  }

  /** Options for the victim: a daemon; what it says of its end is no part of the tests' output. */
  public ProcessOptions options(ProcessOptions defaults) {
    ProcessOptions options = defaults.withDaemon(true);
    return switch (this) {
      case OUT_OF_MEMORY -> options.withMaxHeap("16m").withOutput(Output.DISCARDED);
      case STACK_OVERFLOW -> options.withOutput(Output.DISCARDED);
      case NATIVE_CRASH ->
          options.withOutput(Output.DISCARDED).withJvmOptions("-XX:ErrorFile=/dev/null");
      default -> options;
    };
  }

  /** The victim's task: lives, in a thread of its own, and ends when it is told. */
  public void endOnceTold(ProcessEvent die, Life life) throws InterruptedException {
    Thread _ = Thread.ofPlatform().daemon().start(() -> live(die, life));
    die.await();
    happen();
  }

  /** Happens to this process, where the calling thread is. */
  @SuppressWarnings("restricted")
  public void happen() {
    switch (this) {
      case EXIT -> System.exit(3);
      case HALT -> Runtime.getRuntime().halt(4);
      case OUT_OF_MEMORY -> exhaust();
      case STACK_OVERFLOW -> assertThat(depth(0)).isNegative();
      case NATIVE_CRASH ->
          MemorySegment.ofAddress(8).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
      default -> throw new AssertionError("was not to be told: " + this);
    }
  }

  @SuppressWarnings("SystemOut") // of a process whose failure nobody else sees
  private static void live(ProcessEvent die, Life life) {
    try {
      life.live();
    } catch (Throwable e) {
      if (!die.isSet()) {
        e.printStackTrace();
        Runtime.getRuntime().halt(LIVED_NO_LONGER);
      }
    }
  }

  private static void exhaust() {
    for (int size = 1 << 20; ; size >>= 5) {
      try {
        while (true) {
          hoard = new Object[] {hoard, new Object[size]};
        }
      } catch (OutOfMemoryError e) {
        if (size == 1) {
          throw e;
        }
      }
    }
  }

  @SuppressWarnings("InfiniteRecursion") // that is the point
  private static int depth(int depth) {
    return depth(depth + 1) + 1;
  }

  /** Ends the victim; returns when it had ended. */
  public long of(ChildProcess<?> victim, ProcessEvent die)
      throws IOException, InterruptedException {
    switch (this) {
      case STOP -> run("kill", "-STOP", "" + victim.pid());
      case NATIVE_CRASH -> run("prlimit", "--core=0", "--pid", "" + victim.pid()); // no core file
      default -> {}
    }
    if (this == KILL || this == STOP) {
      victim.kill();
    } else {
      die.set();
    }
    victim.join();
    long ended = System.nanoTime();
    assertThat(victim.exitStatus()).contains(status());
    return ended;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  /** What is seen of it afterwards. */
  public ExitStatus status() {
    return switch (this) {
      case KILL, STOP -> new ExitStatus(9, true);
      case EXIT -> new ExitStatus(3, false);
      case HALT -> new ExitStatus(4, false);
      case OUT_OF_MEMORY, STACK_OVERFLOW -> new ExitStatus(1, false);
      case NATIVE_CRASH -> new ExitStatus(ABORT, true);
    };
  }
}
