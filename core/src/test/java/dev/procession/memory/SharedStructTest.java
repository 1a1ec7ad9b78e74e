package dev.procession.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import java.io.Serializable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records that processes share. */
@Timeout(60)
class SharedStructTest {
  record All(byte a, long b, short c, char d, int e, boolean f, double g, float h)
      implements Serializable {}

  record Pair(long one, int filler, long other) {
    Pair {
      if (one != other) {
        throw new IllegalArgumentException("torn: " + one + ", " + other);
      }
    }
  }

  record Named(String name) {}

  record Nothing() {}

  @Test
  void struct_ofAllPrimitives_arrivesAndReturns() throws Exception {
    var first = new All((byte) -1, Long.MIN_VALUE, (short) -2, '\uFFFF', -3, true, -0.0, 1.5f);
    var second = new All((byte) 1, 2, (short) 3, 'd', 4, false, Double.NaN, -1.5f);
    try (var struct = SharedStruct.open(first)) {
      try (var child =
          ChildProcess.call(
              () -> {
                All before = struct.get();
                struct.set(second);
                return before;
              })) {
        assertThat(child.result().get(10, SECONDS)).isEqualTo(first);
      }
      assertThat(struct.get()).isEqualTo(second);
    }
    try (var nothing = SharedStruct.open(new Nothing())) {
      assertThat(nothing.get()).isEqualTo(new Nothing());
    }
  }

  @Test
  void struct_updatedByManyProcesses_losesNoneAndIsNeverTorn() throws Exception {
    try (var struct = SharedStruct.open(new Pair(0, 0, 0));
        var pool = Pool.processes(2)) {
      var updates = pool.submit(() -> update(struct));
      var others = pool.submit(() -> update(struct));
      while (!updates.isDone() || !others.isDone()) {
        assertThat(struct.get().one()).isBetween(0L, 20_000L);
      }
      assertThat(updates.get(10, SECONDS) + others.get(10, SECONDS)).isEqualTo(20_000);
      assertThat(struct.get()).isEqualTo(new Pair(20_000, 0, 20_000));
    }
  }

  private static int update(SharedStruct<Pair> struct) {
    for (int i = 0; i < 10_000; i++) {
      struct.updateAndGet(pair -> new Pair(pair.one() + 1, 0, pair.other() + 1));
    }
    return 10_000;
  }

  @Test
  void struct_otherComponents_isRefused() {
    assertThatThrownBy(() -> SharedStruct.open(new Named("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name");
  }

  @Test
  void array_ofStructs_isZeroedAndShared() throws Exception {
    try (var array = SharedStructArray.open(Pair.class, 3);
        var pool = Pool.processes(2)) {
      pool.map(
          n -> array.updateAndGet(n, p -> new Pair(p.one() + n, 0, p.other() + n)).one(),
          List.of(1, 2, 2));
      assertThat(array.stream().map(Pair::one)).containsExactly(0L, 1L, 4L);
      assertThatThrownBy(() -> array.get(3))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("3");
      assertThatThrownBy(() -> array.set(-1, new Pair(0, 0, 0)))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("-1");
      assertThatThrownBy(() -> SharedStructArray.open(Pair.class, -1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("-1");
    }
  }

  record Both(SharedStruct<Pair> struct, SharedStructArray<Pair> array) {}

  @Test
  void struct_inARecordThatIsNotSerializable_arrives() throws Exception {
    try (var struct = SharedStruct.open(new Pair(1, 2, 1));
        var array = SharedStructArray.open(Pair.class, 2)) {
      var both = new Both(struct, array);
      try (var child = ChildProcess.start(() -> both.array().set(1, both.struct().get()))) {
        child.join();
        assertThat(child.failure()).isEmpty();
      }
      assertThat(array.get(1)).isEqualTo(new Pair(1, 2, 1));
    }
  }

  @Test
  void array_fileOverwritten_isRefusedOnArrival() throws Exception {
    try (var array = SharedStructArray.open(Pair.class, 3)) {
      SharedFiles.overwrite(".struct", 128 + 8, 1000);
      try (var child = ChildProcess.call(() -> array.get(1).one())) {
        child.join();
        assertThat(child.failure().orElseThrow()).hasStackTraceContaining("struct was overwritten");
      }
      assertThat(array.get(1).one()).isZero();
    }
  }

  @Test
  void struct_closed_isRefused() {
    var struct = SharedStruct.open(new Pair(1, 2, 1));
    struct.close();
    struct.close();

    assertThatThrownBy(struct::get).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> struct.set(new Pair(0, 0, 0)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(struct).hasToString("SharedStruct[closed]");
  }

  /** Cannot be read. */
  record Unwilling(int number) {
    @Override
    public int number() {
      throw new IllegalStateException("no number");
    }
  }

  @Test
  void open_ofARecordThatCannotBeRead_throwsAndLeavesNoFile() { // the listener looks for files
    assertThatThrownBy(() -> SharedStruct.open(new Unwilling(1)))
        .hasStackTraceContaining("no number");
  }
}
