package dev.procession.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final MemoryLayout TIMESPEC =
      MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

  private final MethodHandle syscall;
  private final long futexNumber;

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
