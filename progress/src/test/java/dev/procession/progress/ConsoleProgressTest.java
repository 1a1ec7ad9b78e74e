package dev.procession.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.Pool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bars that are drawn on a stream which is given. */
class ConsoleProgressTest {
  private static final int WIDTH = 60;
  private static final String NEWLINE = System.lineSeparator();
  private static final List<Integer> NUMBERS = IntStream.range(0, 20).boxed().toList();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void map_inProcesses_drawsUpToAllAndEndsTheLine() throws Exception {
    try (var pool = Pool.processes(2);
        var progress = open(StandardCharsets.UTF_8)) {
      List<Integer> squares = pool.map(n -> n * n, NUMBERS, progress);

      assertThat(squares).hasSize(20);
      assertThat(last(StandardCharsets.UTF_8))
          .startsWith("square 100% |█")
          .containsPattern("█\\| 20/20 \\(0:00:\\d\\d / 0:00:00\\) \\d+\\.\\d/s")
          .hasSize(WIDTH);
    }
    assertThat(drawn(StandardCharsets.UTF_8)).endsWith(NEWLINE).containsOnlyOnce(NEWLINE);
  }

  @Test
  void map_someItemsFail_endsTheLineAllTheSame() {
    try (var pool = Pool.threads(2);
        var progress = open(StandardCharsets.UTF_8)) {
      assertThatThrownBy(() -> pool.map(n -> 1 / n, NUMBERS, progress))
          .isInstanceOf(ArithmeticException.class);

      assertThat(last(StandardCharsets.UTF_8)).startsWith("square 100%").contains(" 20/20 ");
    }
    assertThat(drawn(StandardCharsets.UTF_8)).endsWith(NEWLINE).containsOnlyOnce(NEWLINE);
  }

  @Test
  void map_interrupted_closeEndsTheLineAsItWasLast() {
    CountDownLatch never = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    try (var pool = Pool.threads(1)) {
      try (var progress = open(StandardCharsets.UTF_8)) {
        assertThatThrownBy(
                () ->
                    pool.map(
                        n -> {
                          if (n == 3) {
                            caller.interrupt();
                            awaitQuietly(never);
                          }
                          return n;
                        },
                        NUMBERS,
                        progress))
            .isInstanceOf(InterruptedException.class);
        assertThat(drawn(StandardCharsets.UTF_8)).doesNotContain(NEWLINE);
      }
      assertThat(drawn(StandardCharsets.UTF_8)).endsWith(NEWLINE).containsOnlyOnce(NEWLINE);
      assertThat(last(StandardCharsets.UTF_8)).containsPattern(" [0-3]/20 ").hasSize(WIDTH);
      pool.terminate();
    }
  }

  @Test
  void imap_overAnInputWithoutAnEnd_saysHowManyWereTakenAndHowFast() {
    Iterable<Integer> endless = () -> IntStream.iterate(1, n -> n + 1).boxed().iterator();
    try (var pool = Pool.threads(2)) {
      try (var progress = open(StandardCharsets.UTF_8);
          var squares = pool.imap(n -> n * n, endless, progress)) {
        for (int i = 0; i < 7; i++) {
          assertThat(squares.next()).isPositive();
        }
      }
      assertThat(last(StandardCharsets.UTF_8)).contains(" 7/? ").contains("/s");
      assertThat(drawn(StandardCharsets.UTF_8)).endsWith(NEWLINE).containsOnlyOnce(NEWLINE);
      pool.terminate();
    }
  }

  @Test
  void map_twice_drawsALineForEach() throws InterruptedException {
    try (var pool = Pool.threads(2);
        var progress = open(StandardCharsets.UTF_8)) {
      pool.map(n -> n, NUMBERS, progress);
      pool.map(n -> n, List.of(1, 2, 3), progress);
    }
    assertThat(drawn(StandardCharsets.UTF_8).split(NEWLINE))
        .hasSize(2)
        .satisfies(lines -> assertThat(lines[0]).contains(" 20/20 "))
        .satisfies(lines -> assertThat(lines[1]).contains(" 3/3 ").doesNotContain("/20"));
  }

  @Test
  void update_newCallAfterOneThatDidNotEnd_beginsANewLine() {
    try (var progress = open(StandardCharsets.UTF_8)) {
      progress.update(0, 10);
      progress.update(5, 10);
      progress.update(0, 7);
      progress.update(7, 7);
    }
    assertThat(drawn(StandardCharsets.UTF_8).split(NEWLINE))
        .hasSize(2)
        .satisfies(lines -> assertThat(lines[0]).contains("  5/10 "))
        .satisfies(lines -> assertThat(lines[1]).contains(" 7/7 "));
  }

  @Test
  void map_ofNothing_drawsNothing() throws InterruptedException {
    try (var pool = Pool.threads(1);
        var progress = open(StandardCharsets.UTF_8)) {
      assertThat(pool.map((Integer n) -> n, List.<Integer>of(), progress)).isEmpty();
    }
    assertThat(bytes.size()).isZero();
  }

  @Test
  void update_afterClose_drawsNothing() {
    var progress = open(StandardCharsets.UTF_8);
    progress.close();
    progress.close();
    progress.update(0, 10);
    progress.update(10, 10);

    assertThat(bytes.size()).isZero();
  }

  @Test
  void update_whileAnItemTakesLong_goesOnDrawing() {
    try (var progress = open(StandardCharsets.UTF_8)) {
      progress.update(0, 10);
      progress.update(1, 10);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!drawn(StandardCharsets.UTF_8).contains("(0:00:01 / ")) {
        assertThat(System.nanoTime() - deadline).isNegative();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  @Test
  void update_streamOfAscii_drawsWithIt() {
    try (var progress = open(StandardCharsets.US_ASCII)) {
      progress.update(0, 10);
      progress.update(10, 10);
    }
    assertThat(last(StandardCharsets.US_ASCII)).startsWith("square 100% [=").contains("=] 10/10");
  }

  @Test
  void update_narrow_neverDrawsMoreThanTheWidth() {
    for (int width = 1; width < 40; width++) {
      var out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
      try (var progress = ConsoleProgress.open("a name that is long", out, width)) {
        progress.update(0, 1000);
        progress.update(500, 1000);
        progress.update(1000, 1000);
      }
      assertThat(drawn(StandardCharsets.UTF_8).split("\\R|\r")).allMatch(fits(width));
      bytes.reset();
    }
  }

  @Test
  void close_interruptedThread_staysInterrupted() {
    try (var progress = open(StandardCharsets.UTF_8)) {
      progress.update(0, 10);
      Thread.currentThread().interrupt();
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(drawn(StandardCharsets.UTF_8)).contains(" 0/10 ").endsWith(NEWLINE);
  }

  @Test
  void open_withoutRoom_isRefused() {
    var out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ConsoleProgress.open("square", out, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width=0");
  }

  private ConsoleProgress open(Charset charset) {
    return ConsoleProgress.open("square", new PrintStream(bytes, false, charset), WIDTH);
  }

  private static Predicate<String> fits(int width) {
    return line -> line.length() <= width;
  }

  private String drawn(Charset charset) {
    return bytes.toString(charset);
  }

  /** The line as it was drawn for the last time. */
  private String last(Charset charset) {
    String all = drawn(charset).stripTrailing();
    return all.substring(all.lastIndexOf('\r') + 1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the pool is terminated
    }
  }
}
