package dev.procession.internal.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Waiting where there is no futex: looks at the word in growing intervals, so that a wait notices a
 * change at most a sixteenth later than it has waited already, and never more than {@value
 * #LONGEST_NANOS} ns late. {@link #wake} has nothing to do.
 */
final class PollingWait implements WordWait {
  private static final long SHORTEST_NANOS = 20_000;
  private static final long LONGEST_NANOS = 5_000_000;

  @Override
  public void await(MemorySegment memory, long offset, int expected, long nanos) {
    awaitAny(List.of(new Word(memory, offset)), expected, nanos);
  }

  @Override
  public void awaitAny(List<Word> words, int expected, long nanos) {
    long start = System.nanoTime();
    long waited = 0;
    while (waited < nanos && areAll(words, expected)) {
      long pause = Math.clamp(waited / 16, SHORTEST_NANOS, LONGEST_NANOS);
      LockSupport.parkNanos(Math.min(pause, nanos - waited));
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      waited = System.nanoTime() - start;
    }
  }

  private static boolean areAll(List<Word> words, int expected) {
    for (Word word : words) {
      if ((int) Words.INT.getVolatile(word.memory(), word.offset()) != expected) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void wake(MemorySegment memory, long offset, int count) {
    // sleepers look by themselves
  }

  private static final class Words {
    static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  }
}
