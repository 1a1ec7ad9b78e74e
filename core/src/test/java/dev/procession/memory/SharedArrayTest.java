package dev.procession.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that processes share. */
@Timeout(60)
class SharedArrayTest {
  @TempDir Path folder;

  @Test
  void array_ofEveryType_arrivesAndReturns() throws Exception {
    try (var scope = SharedMemoryScope.open()) {
      var ints = scope.add(SharedArray.ofInts(1, -2, 3));
      var longs = scope.add(SharedArray.ofLongs(1, Long.MIN_VALUE));
      var doubles = scope.add(SharedArray.ofDoubles(1.5, Double.NaN));
      var floats = scope.add(SharedArray.ofFloats(1.5f, -0f));
      var shorts = scope.add(SharedArray.ofShorts((short) 1, Short.MIN_VALUE));
      var chars = scope.add(SharedArray.ofChars('a', '\uFFFF'));
      var bytes = scope.add(SharedArray.ofBytes((byte) 1, (byte) -1));
      var booleans = scope.add(SharedArray.ofBooleans(true, false, true));
      try (var child =
          ChildProcess.start(
              () -> {
                ints.set(0, ints.get(1));
                longs.set(0, longs.get(1));
                doubles.set(0, doubles.get(1));
                floats.set(0, floats.get(1));
                shorts.set(0, shorts.get(1));
                chars.set(0, chars.get(1));
                bytes.set(0, bytes.get(1));
                booleans.set(0, booleans.get(1));
              })) {
        child.join();
        assertThat(child.failure()).isEmpty();
      }
      assertThat(ints.toArray()).containsExactly(-2, -2, 3);
      assertThat(longs.toArray()).containsExactly(Long.MIN_VALUE, Long.MIN_VALUE);
      assertThat(doubles.stream()).containsExactly(Double.NaN, Double.NaN);
      assertThat(floats.toArray()).containsExactly(-0f, -0f);
      assertThat(shorts.toArray()).containsExactly(Short.MIN_VALUE, Short.MIN_VALUE);
      assertThat(chars.toArray()).containsExactly('\uFFFF', '\uFFFF');
      assertThat(bytes.toArray()).containsExactly(-1, -1);
      assertThat(booleans.stream()).containsExactly(false, false, true);
    }
  }

  @Test
  void array_ofALength_isZeroed() {
    try (var scope = SharedMemoryScope.open()) {
      assertThat(scope.add(SharedArray.ints(3)).toArray()).containsExactly(0, 0, 0);
      assertThat(scope.add(SharedArray.booleans(2)).toArray()).containsExactly(false, false);
      assertThat(scope.add(SharedArray.doubles(0)).toArray()).isEmpty();
      assertThat(scope.add(SharedArray.ofInts(3)).toArray()).containsExactly(3);
      assertThatThrownBy(() -> SharedArray.longs(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("-1");
    }
  }

  @Test
  void element_outOfRange_throwsWithTheIndex() {
    try (var array = SharedArray.ofInts(1, 2, 3)) {
      assertThatThrownBy(() -> array.get(3))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContainingAll("3");
      assertThatThrownBy(() -> array.set(-7, 1))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContainingAll("-7", "3");
      assertThatThrownBy(() -> array.incrementAndGet(9))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContainingAll("9", "3");
      assertThatThrownBy(() -> array.toArray(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void range_copied_isThereAndNothingElse() {
    try (var array = SharedArray.ofInts(1, 2, 3, 4, 5);
        var flags = SharedArray.ofBooleans(true, false, true)) {
      array.write(1, new int[] {9, 20, 30, 9}, 1, 2);
      assertThat(array.toArray()).containsExactly(1, 20, 30, 4, 5);
      int[] target = {7, 7, 7, 7};
      array.read(2, target, 1, 2);
      assertThat(target).containsExactly(7, 30, 4, 7);
      assertThat(array.toArray(3, 5)).containsExactly(4, 5);
      flags.write(0, new boolean[] {true, false, true}, 1, 2);
      assertThat(flags.toArray()).containsExactly(false, true, true);
      assertThat(flags.toArray(1, 2)).containsExactly(true);

      assertThatThrownBy(() -> array.write(4, new int[] {0, 0}, 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> array.write(0, new int[1], 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> array.read(0, target, 0, -1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(array.toArray()).containsExactly(1, 20, 30, 4, 5);
    }
  }

  @Test
  void array_filledStreamedCopiedAndViewed_isTheSameElements() {
    try (var array = SharedArray.longs(4);
        var bytes = SharedArray.bytes(2)) {
      array.fill(-3);
      bytes.fill((byte) 7);
      try (var copy = array.copy()) {
        array.set(1, 10);
        assertThat(array.stream().sum()).isEqualTo(1);
        assertThat(copy.stream().sum()).isEqualTo(-12);
      }
      assertThat(array.segment().byteSize()).isEqualTo(32);
      assertThat(array.segment().getAtIndex(ValueLayout.JAVA_LONG, 1)).isEqualTo(10);
      assertThat(bytes.stream()).containsExactly(7, 7);
    }
  }

  @Test
  void elements_countedByManyProcesses_noneIsLost() throws Exception {
    try (var ints = SharedArray.ints(3);
        var longs = SharedArray.longs(3);
        var pool = Pool.processes(2)) {
      pool.map(
          n -> {
            for (int i = 0; i < 20_000; i++) {
              ints.getAndIncrement(1);
              longs.accumulateAndGet(2, 3, Long::sum);
            }
            return n;
          },
          List.of(1, 2));
      assertThat(ints.toArray()).containsExactly(0, 40_000, 0);
      assertThat(longs.toArray()).containsExactly(0, 0, 120_000);
    }
  }

  @Test
  void elements_changedAtomically_returnWhatTheJdkReturns() {
    try (var array = SharedArray.ofInts(0, 10)) {
      assertThat(array.getAndSet(1, 1)).isEqualTo(10);
      assertThat(array.incrementAndGet(1)).isEqualTo(2);
      assertThat(array.decrementAndGet(1)).isEqualTo(1);
      assertThat(array.getAndDecrement(1)).isEqualTo(1);
      assertThat(array.addAndGet(1, 5)).isEqualTo(5);
      assertThat(array.compareAndSet(1, 4, 0)).isFalse();
      assertThat(array.compareAndExchange(1, 5, 6)).isEqualTo(5);
      assertThat(array.updateAndGet(1, n -> n * 2)).isEqualTo(12);
      assertThat(array.getAndUpdate(1, n -> n + 1)).isEqualTo(12);
      assertThat(array.getAndAccumulate(1, 4, Math::subtractExact)).isEqualTo(13);
      assertThat(array.toArray()).containsExactly(0, 9);
    }
  }

  @Test
  void element_readWhileAnotherSetsIt_isNeverHalf() throws Exception {
    try (var longs = SharedArray.longs(9);
        var doubles = SharedArray.doubles(9);
        var stop = SharedBoolean.open(false);
        var pool = Pool.processes(1)) {
      double other = Double.longBitsToDouble(-1L >>> 12);
      var setter =
          pool.submit(
              () -> {
                while (!stop.get()) {
                  for (int i = 0; i < 9; i++) {
                    longs.set(i, ~longs.get(i));
                    doubles.set(i, doubles.get(i) == 0 ? other : 0);
                  }
                }
              });
      long changes = 0;
      for (long before = 0, end = System.nanoTime() + SECONDS.toNanos(1);
          System.nanoTime() < end; ) {
        for (int i = 0; i < 9; i++) {
          long seen = longs.get(i);
          assertThat(seen == 0 || seen == -1).isTrue();
          double number = doubles.get(i);
          assertThat(number == 0 || number == other).isTrue();
          changes += seen == before ? 0 : 1;
          before = seen;
        }
      }
      stop.set(true);
      setter.get(10, SECONDS);
      assertThat(changes).isPositive();
    }
  }

  @Test
  void source_wrongTypes_doesNotCompile() {
    assertThat(errors("SharedArray.ofInts(1).set(0, 1);")).isEmpty();
    assertThat(errors("SharedArray.ofInts(1).set(0, 1L);")).anyMatch(e -> e.contains("long"));
    assertThat(errors("SharedArray.ofBytes().set(0, 300);")).anyMatch(e -> e.contains("int"));
    assertThat(errors("SharedArray.ofBytes().set(0, (byte) 300);")).isEmpty();
    assertThat(errors("SharedInt.open(1).set(1.5);")).anyMatch(e -> e.contains("double"));
    assertThat(errors("SharedInt.open(\"1\");")).anyMatch(e -> e.contains("String"));
    assertThat(errors("SharedArray.ofStrings(\"1\");")).anyMatch(e -> e.contains("ofStrings"));
  }

  /** What the compiler says about a statement. */
  private List<String> errors(String statement) {
    var source =
        new SimpleJavaFileObject(URI.create("string:///Tried.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public String getCharContent(boolean ignoreEncodingErrors) {
            return "import dev.procession.memory.*; class Tried {{ " + statement + " }}";
          }
        };
    var said = new DiagnosticCollector<JavaFileObject>();
    var options = List.of("-proc:none", "-d", folder.toString());
    boolean _ =
        ToolProvider.getSystemJavaCompiler()
            .getTask(null, null, said, options, null, List.of(source))
            .call();
    return said.getDiagnostics().stream()
        .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
        .map(d -> d.getMessage(Locale.ROOT))
        .toList();
  }

  @Test
  void lock_heldAcrossElements_keepsThemTogether() throws Exception {
    try (var array = SharedArray.doubles(2);
        var pool = Pool.processes(2)) {
      pool.map(
          n -> {
            for (int i = 0; i < 5_000; i++) {
              array.lock().lock();
              try {
                array.set(0, array.get(0) + 1);
                array.set(1, array.get(1) - 1);
              } finally {
                array.lock().unlock();
              }
            }
            return n;
          },
          List.of(1, 2));
      assertThat(array.toArray()).containsExactly(10_000, -10_000);
    }
  }

  @Test
  void array_closed_isRefused() {
    var array = SharedArray.ofChars('a');
    array.close();
    array.close();

    assertThatThrownBy(() -> array.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> array.set(0, 'b')).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(array::toArray).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(array::lock).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ChildProcess.start(() -> array.set(0, 'b')))
        .hasStackTraceContaining("closed");
    assertThat(array).hasToString("SharedCharArray[closed]");
  }

  @Test
  void array_fileCutShortOrOverwritten_isRefusedOnArrival() throws Exception {
    assertRefused(file -> Files.write(file, new byte[0]));
    assertRefused(file -> Files.write(file, new byte[64]));
    assertRefused(file -> Files.write(file, "garbage ".repeat(200).getBytes(US_ASCII)));
    assertRefused(Files::delete);
  }

  private interface Damage {
    void doTo(Path file) throws Exception;
  }

  private static void assertRefused(Damage damage) throws Exception {
    List<Path> before = SharedFiles.ofKind(".ints");
    try (var array = SharedArray.ofInts(IntStream.range(0, 100).toArray())) {
      Path file =
          SharedFiles.ofKind(".ints").stream()
              .filter(f -> !before.contains(f))
              .findAny()
              .orElseThrow();
      // a copy takes its place: the memory that is mapped here stays as it is
      Path copy = Files.copy(file, file.resolveSibling(file.getFileName() + "-copy"));
      damage.doTo(copy);
      if (Files.exists(copy)) {
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.delete(file);
      }
      try (var child = ChildProcess.call(() -> array.get(1))) {
        child.join();
        assertThat(child.failure().orElseThrow()).hasStackTraceContaining("file=" + file);
      }
      assertThat(array.get(1)).isEqualTo(1);
    }
  }
}
