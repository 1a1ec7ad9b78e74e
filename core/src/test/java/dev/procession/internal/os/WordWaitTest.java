package dev.procession.internal.os;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of every way to wait on a word. */
class WordWaitTest {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment memory = Arena.ofAuto().allocate(64, 8);

  static Stream<WordWait> waits() {
    return Stream.of(Futex.link(System.getProperty("os.arch")), new PollingWait());
  }

  @ParameterizedTest
  @MethodSource("waits")
  void await_wordHasChangedAlready_returnsAtOnce(WordWait wait) {
    INT.setVolatile(memory, 0L, 2);

    long start = System.nanoTime();
    wait.await(memory, 0, 1, SECONDS.toNanos(20));

    assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(10));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void await_nothingHappens_returnsAfterTheTime(WordWait wait) {
    long start = System.nanoTime();

    wait.await(memory, 0, 0, MILLISECONDS.toNanos(30));

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(29));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void await_noTime_returnsAtOnce(WordWait wait) {
    wait.await(memory, 0, 0, 0);
    wait.await(memory, 0, 0, -1);
  }

  @ParameterizedTest
  @MethodSource("waits")
  void handOffs_manyInARow_noWakeUpIsLost(WordWait wait) throws InterruptedException {
    int rounds = 3_000;
    Thread other = Thread.ofPlatform().start(() -> bounce(wait, 1, rounds));

    bounce(wait, 0, rounds);

    other.join(SECONDS.toMillis(30));
    assertThat(other.isAlive()).isFalse();
    assertThat((int) INT.getVolatile(memory, 8L)).isEqualTo(2 * rounds);
  }

  /** Takes turns with the other side on one word: each waits for its parity, then adds one. */
  private void bounce(WordWait wait, int parity, int rounds) {
    for (int i = 0; i < rounds; i++) {
      int seen = (int) INT.getVolatile(memory, 8L);
      while (seen % 2 != parity) {
        wait.await(memory, 8, seen, SECONDS.toNanos(20));
        seen = (int) INT.getVolatile(memory, 8L);
      }
      INT.setVolatile(memory, 8L, seen + 1);
      wait.wake(memory, 8, 1);
    }
  }
}
