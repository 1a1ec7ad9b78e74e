package dev.procession.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.channel.ProcessQueue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists that processes share. */
@Timeout(60)
class SharedListTest {
  @Test
  void list_ofEveryType_isTheSameElsewhere() throws Exception {
    List<Object> values =
        Arrays.asList(
            Long.MIN_VALUE,
            7,
            -0.0,
            Double.NaN,
            true,
            false,
            null,
            "",
            "ä€😀",
            "nul\0\0",
            "x".repeat(99));
    try (var list = SharedList.open(values);
        var pool = Pool.processes(1)) {
      assertThat(list).isEqualTo(values);
      assertThat(pool.submit(() -> new ArrayList<>(list)).get(10, SECONDS)).isEqualTo(values);
      assertThat(list.indexOf("ä€😀")).isEqualTo(8);
      assertThat(list.contains("y")).isFalse();
    }
  }

  @Test
  void list_searchedCountedAndCopied_isAList() {
    try (var list = SharedList.open(Arrays.asList("a", 1L, null, "a", 2));
        var copy = SharedList.open(list)) {
      list.set(1, 5L);

      assertThat(list).hasSize(5).containsExactly("a", 5L, null, "a", 2);
      assertThat(copy).containsExactly("a", 1L, null, "a", 2);
      assertThat(Collections.frequency(list, "a")).isEqualTo(2);
      assertThat(list.indexOf("a")).isZero();
      assertThat(list.lastIndexOf("a")).isEqualTo(3);
      assertThat(list.indexOf("b")).isEqualTo(-1);
      assertThat(list.subList(1, 3)).containsExactly(5L, null);
      assertThat(list.get(1)).isInstanceOf(Long.class);
      assertThat(list.get(4)).isInstanceOf(Integer.class);
      assertThatThrownBy(() -> SharedList.open(List.of(BigInteger.ONE)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("BigInteger");
    }
  }

  @Test
  void list_fileOverwritten_isRefusedOnArrival() throws Exception {
    try (var list = SharedList.open(List.of("a", "b"))) {
      SharedFiles.overwrite(".list", 128 + 8, Integer.MAX_VALUE);
      try (var child = ChildProcess.call(() -> list.get(1))) {
        child.join();
        assertThat(child.failure().orElseThrow()).hasStackTraceContaining("list was overwritten");
      }
    }
  }

  record Both(SharedList list, ProcessQueue<String> queue) {}

  @Test
  void list_inARecordThatIsNotSerializable_arrives() throws Exception {
    try (var list = SharedList.open(List.of(1L));
        var queue = ProcessQueue.<String>open()) {
      var both = new Both(list, queue);
      try (var child =
          ChildProcess.call(
              () -> {
                both.queue().put("here");
                return both.list().set(0, 2L);
              })) {
        assertThat(child.result().get(10, SECONDS)).isEqualTo(1L);
      }
      assertThat(list).containsExactly(2L);
      assertThat(queue.poll()).isEqualTo("here");
    }
  }

  @Test
  void list_ofBytes_keepsTrailingZeros() {
    try (var list = SharedList.open(List.of(new byte[] {1, 0, 0}, new byte[0]))) {
      assertThat((byte[]) list.get(0)).containsExactly(1, 0, 0);
      assertThat((byte[]) list.get(1)).isEmpty();
    }
  }

  @Test
  void set_inAnotherProcess_isSeenHereWithItsType() throws Exception {
    try (var list = SharedList.open(List.of(1L, "text", 2.5))) {
      try (var child =
          ChildProcess.call(
              () -> {
                list.set(0, "12345678");
                list.set(1, null);
                return list.set(2, true);
              })) {
        assertThat(child.result().get(10, SECONDS)).isEqualTo(2.5);
      }
      assertThat(list).containsExactly("12345678", null, true);
    }
  }

  @Test
  void set_doesNotFit_throwsWithBothSizesAndLeavesTheOldOne() {
    try (var list = SharedList.open(List.of("short", "123456789"));
        var roomy = SharedList.open(List.of("short"), 17)) {
      assertThatThrownBy(() -> list.set(0, "ninebytes"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("9", "8");
      assertThatThrownBy(() -> list.set(0, "äöüßä"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("10", "8");
      assertThatThrownBy(() -> list.set(0, List.of("x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("List");
      assertThatThrownBy(() -> list.set(0, "\uD800")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> list.set(2, 1L)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> list.add("x")).isInstanceOf(UnsupportedOperationException.class);
      list.set(1, "x".repeat(16));
      roomy.set(0, "x".repeat(24));

      assertThat(list).containsExactly("short", "x".repeat(16));
      assertThat(list.room(1)).isEqualTo(16);
      assertThat(roomy).containsExactly("x".repeat(24));
      assertThatThrownBy(() -> SharedList.open(List.of(), -1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("-1");
      assertThatThrownBy(() -> SharedList.open(List.of(new Object())))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void get_whileOthersSet_isNeverTorn() throws Exception {
    try (var list = SharedList.open(List.of("a".repeat(1000)));
        var stop = SharedBoolean.open(false);
        var pool = Pool.processes(2)) {
      var setters =
          List.of(
              pool.submit(() -> setUntil(stop, list, "b", 700)),
              pool.submit(() -> setUntil(stop, list, "c", 1000)));
      long deadline = System.nanoTime() + SECONDS.toNanos(2);
      List<String> torn = new ArrayList<>();
      List<Character> seen = new ArrayList<>();
      while (System.nanoTime() < deadline && torn.isEmpty()) {
        String text = (String) list.get(0);
        if (text.chars().distinct().count() != 1
            || text.length() != (text.charAt(0) == 'b' ? 700 : 1000)) {
          torn.add(text);
        }
        if (!seen.contains(text.charAt(0))) {
          seen.add(text.charAt(0));
        }
      }
      stop.set(true);
      for (var setter : setters) {
        setter.get(10, SECONDS);
      }
      assertThat(torn).isEmpty();
      assertThat(seen).contains('b', 'c');
    }
  }

  private static int setUntil(SharedBoolean stop, SharedList list, String letter, int length) {
    String text = letter.repeat(length);
    int sets = 0;
    while (!stop.get()) {
      list.set(0, text);
      sets++;
    }
    return sets;
  }

  @Test
  void setters_killedOverAndOver_leaveAWholeElementAndNobodyWaits() throws Exception {
    try (var list = SharedList.open(List.of("a".repeat(100_000)));
        var never = SharedBoolean.open(false);
        var sets = SharedLong.open(0)) {
      for (int round = 0; round < 5; round++) {
        String letter = String.valueOf((char) ('b' + round));
        long before = sets.get();
        try (var setter =
            ChildProcess.start(
                () -> {
                  String text = letter.repeat(100_000);
                  while (!never.get()) {
                    list.set(0, text);
                    sets.incrementAndGet();
                  }
                })) {
          while (sets.get() < before + 20) {
            Thread.onSpinWait();
          }
          setter.kill();
          setter.join();
        }
        long start = System.nanoTime();
        assertThat(list.set(0, "old".repeat(10))).isEqualTo(letter.repeat(100_000));
        assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(1));
        assertThat(list.get(0)).isEqualTo("old".repeat(10));
      }
    }
  }

  @Test
  void list_closed_isRefused() {
    var list = SharedList.open(List.of(1L));
    list.close();
    list.close();

    assertThatThrownBy(() -> list.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> list.set(0, 1L)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(list::size).isInstanceOf(IllegalStateException.class);
    assertThat(list).hasToString("SharedList[closed]");
  }
}
