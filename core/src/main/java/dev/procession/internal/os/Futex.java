package dev.procession.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linux futexes, through {@code syscall(2)}. The operations are the shared ones (without {@code
 * FUTEX_PRIVATE_FLAG}): the kernel identifies the word by file and offset, so that processes that
 * map it at different addresses meet.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/futex.2.html">futex(2)</a>
 */
final class Futex implements WordWait {
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int FUTEX_WAITV = 449; // on all architectures
  private static final long FUTEX2_SIZE_U32 = 2;
  private static final int MOST_WAITERS = 128;
  private static final long CLOCK_MONOTONIC = 1;
  private static final int INTERRUPTED = 4; // EINTR
  private static final int AGAIN = 11; // EAGAIN
  private static final int TIMED_OUT = 110; // ETIMEDOUT
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final MemoryLayout TIMESPEC =
      MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

  /** struct futex_waitv: expected value, address, flags, reserved. */
  private static final long WAITER_SIZE = 24;

  private final MethodHandle syscall;
  private final long futexNumber;
  private final PollingWait polling = new PollingWait();
  private volatile @Nullable MethodHandle waitAny;
  private volatile boolean hasWaitAny = true;

  private Futex(MethodHandle syscall, long futexNumber) {
    this.syscall = syscall;
    this.futexNumber = futexNumber;
  }

  /**
   * Links the system call; takes some 100 ms the first time in a JVM.
   *
   * @param architecture the value of the system property {@code os.arch}
   * @throws UnsupportedOperationException for an architecture whose system call number is not known
   */
  @SuppressWarnings("restricted") // the file is in the only room that may
  static Futex link(String architecture) {
    long number =
        switch (architecture) {
          case "amd64", "x86_64" -> 202;
          case "aarch64", "riscv64" -> 98;
          default -> throw new UnsupportedOperationException("no futex: arch=" + architecture);
        };
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor descriptor =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS);
    // C promotes the arguments of the variadic syscall() to full registers, hence the longs
    MethodHandle handle =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            descriptor,
            Linker.Option.firstVariadicArg(1));
    return new Futex(handle, number);
  }

  @Override
  public void await(MemorySegment memory, long offset, int expected, long nanos) {
    if (nanos <= 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment timeout = arena.allocate(TIMESPEC);
      timeout.set(ValueLayout.JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
      timeout.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos % NANOS_PER_SECOND);
      call(memory.asSlice(offset, Integer.BYTES), FUTEX_WAIT, expected, timeout);
    }
  }

  @Override
  public void wake(MemorySegment memory, long offset, int count) {
    call(memory.asSlice(offset, Integer.BYTES), FUTEX_WAKE, count, MemorySegment.NULL);
  }

  /**
   * Uses {@code futex_waitv(2)}, which Linux has since 5.16; polls where that is missing or
   * forbidden.
   */
  @Override
  public void awaitAny(List<Word> words, int expected, long nanos) {
    if (nanos <= 0) {
      return;
    }
    if (!hasWaitAny) {
      polling.awaitAny(words, expected, nanos);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int count = Math.min(words.size(), MOST_WAITERS);
      MemorySegment waiters = arena.allocate(count * WAITER_SIZE, Long.BYTES);
      for (int i = 0; i < count; i++) {
        MemorySegment waiter = waiters.asSlice(i * WAITER_SIZE, WAITER_SIZE);
        Word word = words.get(i);
        waiter.set(ValueLayout.JAVA_LONG, 0, expected);
        waiter.set(ValueLayout.JAVA_LONG, 8, word.memory().address() + word.offset());
        waiter.set(ValueLayout.JAVA_INT, 16, (int) FUTEX2_SIZE_U32);
      }
      long until = System.nanoTime() + nanos; // the JVM's clock is the system's monotonic one
      MemorySegment timeout = arena.allocate(TIMESPEC);
      timeout.set(ValueLayout.JAVA_LONG, 0, until / NANOS_PER_SECOND);
      timeout.set(ValueLayout.JAVA_LONG, Long.BYTES, until % NANOS_PER_SECOND);
      int error = waitAny(arena, waiters, count, timeout);
      if (error != 0 && error != AGAIN && error != TIMED_OUT && error != INTERRUPTED) {
        hasWaitAny = false;
        polling.awaitAny(words, expected, nanos);
      }
    } finally {
      Reference.reachabilityFence(words); // whose addresses the kernel has
    }
  }

  private int waitAny(Arena arena, MemorySegment waiters, int count, MemorySegment timeout) {
    MethodHandle handle = waitAny;
    if (handle == null) {
      handle = linkWaitAny();
      waitAny = handle;
    }
    MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    try {
      long result =
          (long)
              handle.invokeExact(
                  state, (long) FUTEX_WAITV, waiters, (long) count, 0L, timeout, CLOCK_MONOTONIC);
      return result >= 0 ? 0 : state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
    } catch (Throwable e) {
      throw new IllegalStateException("futex call failed: waiting for any", e);
    }
  }

  @SuppressWarnings("restricted") // as for link
  private static MethodHandle linkWaitAny() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor descriptor =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        descriptor,
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }

  /** Calls the kernel; what it answers does not matter, as callers look at the word again. */
  @SuppressWarnings("UnusedVariable") // an exact call needs the type of its result
  private void call(MemorySegment word, long operation, long value, MemorySegment timeout) {
    try {
      long result = (long) syscall.invokeExact(futexNumber, word, operation, value, timeout);
    } catch (Throwable e) {
      throw new IllegalStateException("futex call failed: operation=" + operation, e);
    }
  }
}
