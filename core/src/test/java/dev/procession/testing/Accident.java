package dev.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ExitStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What befalls a worker of a pool, or a task in it: by its own doing, or by somebody else's. */
public enum Accident {
  NATIVE_CRASH(Ending.NATIVE_CRASH),
  EXIT(Ending.EXIT),
  HALT(Ending.HALT),
  KILLS_ITSELF(Ending.KILL),
  KILLED(Ending.KILL),
  STOPPED_AND_KILLED(Ending.STOP),
  /** Stopped, and ended by a limit of time. */
  STOPPED(null),
  /** Goes on whatever interrupts it, and is ended by a limit of time. */
  BUSY(null),
  /** Takes all of the heap, which stays taken. */
  HEAP_TAKEN(Ending.OUT_OF_MEMORY),
  /** Takes all of the heap, and lets go of it. */
  OUT_OF_MEMORY(null),
  STACK_OVERFLOW(null),
  THROWS(null);

  private final @Nullable Ending ending;

  Accident(@Nullable Ending ending) {
    this.ending = ending;
  }

  /** Whether somebody else does it. */
  public boolean isFromOutside() {
    return this == KILLED || this == STOPPED_AND_KILLED || this == STOPPED;
  }

  /** Whether it needs a limit of time. */
  public boolean isLimited() {
    return this == STOPPED || this == BUSY;
  }

  /** Whether it is no more than something that a task throws. */
  public boolean isThrown() {
    return this == OUT_OF_MEMORY || this == STACK_OVERFLOW || this == THROWS;
  }

  /** How a process ends that has ended of it by itself. */
  public ExitStatus status() {
    if (ending == null) {
      throw new IllegalStateException("is no end of a process: " + this);
    }
    return ending.status();
  }

  /** What is thrown. */
  public Class<? extends Throwable> thrown() {
    return switch (this) {
      case OUT_OF_MEMORY -> OutOfMemoryError.class;
      case STACK_OVERFLOW -> StackOverflowError.class;
      default -> Mishap.class;
    };
  }

  /** What a task throws. */
  public static final class Mishap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Mishap() {
      super("mishap");
    }
  }

  /** Happens here, in the worker, by its own doing. */
  public void happen() {
    switch (this) {
      case NATIVE_CRASH -> {
        run("prlimit", "--core=0", "--pid", "" + ProcessHandle.current().pid()); // no core file
        Ending.NATIVE_CRASH.happen();
      }
      case EXIT -> Ending.EXIT.happen();
      case HALT -> Ending.HALT.happen();
      case HEAP_TAKEN -> Ending.OUT_OF_MEMORY.happen();
      case STACK_OVERFLOW -> Ending.STACK_OVERFLOW.happen();
      case KILLS_ITSELF -> run("kill", "-KILL", "" + ProcessHandle.current().pid());
      case BUSY -> spin();
      case OUT_OF_MEMORY -> exhaust();
      case THROWS -> throw new Mishap();
      default -> throw new AssertionError("is done by somebody else: " + this);
    }
  }

  /** Is done to a worker. */
  public void strike(long pid) {
    if (this == STOPPED || this == STOPPED_AND_KILLED) {
      run("kill", "-STOP", "" + pid);
    }
    if (this == KILLED || this == STOPPED_AND_KILLED) {
      boolean _ = ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
  }

  private static void spin() {
    while (ProcessHandle.current().isAlive()) {
      Thread.onSpinWait();
    }
  }

  private static void exhaust() {
    List<Object> hoard = new ArrayList<>();
    while (hoard.size() < Integer.MAX_VALUE) {
      hoard.add(new long[1 << 17]);
    }
  }

  private static void run(String... command) {
    try {
      assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
