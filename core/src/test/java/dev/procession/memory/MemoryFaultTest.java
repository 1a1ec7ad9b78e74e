package dev.procession.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;
import dev.procession.internal.os.Os;
import dev.procession.sync.ProcessEvent;
import dev.procession.testing.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process ends in each way while it changes what others read and change too: each of them goes on
 * within a second of the end, and all they ever see is whole. Failures that nobody has asked for
 * are tried at a few points; all else everywhere.
 */
@Timeout(60)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class MemoryFaultTest {
  /** On a machine that has much else to do; nothing polls so seldom. */
  private static final Duration SOON = Duration.ofSeconds(3);

  /** Long enough that setting it is nearly all that its setter does. */
  private static final int LENGTH = 1 << 16;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What it does then. */
  enum Point {
    SETTING_LIST_ELEMENT,
    SETTING_STRUCT,
    UPDATING_STRUCT,
    IN_UPDATE_OF_STRUCT,
    SETTING_STRUCT_IN_ARRAY,
    SETTING_ARRAY_ELEMENT,
    HOLDING_ARRAYS_LOCK,
    UPDATING_NUMBER
  }

  record Wide(long a, long b, long c, long d, long e, long f, long g, long h) {
    Wide {
      if (Stream.of(b, c, d, e, f, g, h).anyMatch(other -> other != a)) {
        throw new IllegalArgumentException("torn");
      }
    }

    static Wide of(long all) {
      return new Wide(all, all, all, all, all, all, all, all);
    }

    Wide next() {
      return of(a + 1);
    }
  }

  private static final Set<Point> WITH_FAILURES =
      EnumSet.of(Point.SETTING_LIST_ELEMENT, Point.UPDATING_STRUCT, Point.HOLDING_ARRAYS_LOCK);

  static Stream<Arguments> some() {
    return Arrays.stream(Point.values())
        .flatMap(
            point ->
                Arrays.stream(Ending.values())
                    .filter(end -> end != Ending.STOP)
                    .filter(end -> !Ending.FAILURES.contains(end) || WITH_FAILURES.contains(point))
                    .map(end -> Arguments.of(point, end)));
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** Everything that is shared; a record, so that it travels as a whole. */
  record Shared(
      SharedList list,
      SharedStruct<Wide> struct,
      SharedStructArray<Wide> structs,
      SharedLongArray array,
      SharedDouble number) {
    static Shared open(SharedMemoryScope scope) {
      byte[] first = new byte[LENGTH];
      return new Shared(
          scope.add(SharedList.open(Arrays.asList(first, 1L))),
          scope.add(SharedStruct.open(Wide.of(0))),
          scope.add(SharedStructArray.open(Wide.class, 2)),
          scope.add(SharedArray.longs(2)),
          scope.add(SharedDouble.open(0)));
    }

    /** Changes one of them, as often as it takes. */
    void change(Point point, long round) throws InterruptedException {
      switch (point) {
        case SETTING_LIST_ELEMENT -> {
          Object before = list.set(0, bytes(round));
          assertWhole((byte[]) before);
        }
        case SETTING_STRUCT -> struct.set(Wide.of(round));
        case UPDATING_STRUCT, IN_UPDATE_OF_STRUCT -> assertWhole(struct.updateAndGet(Wide::next));
        case SETTING_STRUCT_IN_ARRAY -> structs.set(1, Wide.of(round));
        case SETTING_ARRAY_ELEMENT -> array.set(1, -(round & 1));
        case HOLDING_ARRAYS_LOCK -> array.lock().lockInterruptibly();
        case UPDATING_NUMBER -> assertThat(number.updateAndGet(n -> n + 1)).isPositive();
      }
    }

    private static byte[] bytes(long round) {
      byte[] bytes = new byte[LENGTH - (int) (round & 1)];
      Arrays.fill(bytes, (byte) round);
      return bytes;
    }

    /** Reads all of them; a record that is not whole does not become one. */
    void assertWhole() {
      assertWhole((byte[]) list.get(0));
      assertThat(list.get(1)).isEqualTo(1L);
      assertWhole(struct.get());
      assertThat(structs.stream()).hasSize(2);
      assertThat(array.get(1)).isBetween(-1L, 0L);
      double seen = number.get();
      assertThat(seen).isEqualTo(Math.rint(seen));
    }

    private static void assertWhole(byte[] bytes) {
      byte[] whole = new byte[LENGTH - (bytes[0] & 1)];
      Arrays.fill(whole, bytes[0]);
      assertThat(Arrays.equals(bytes, whole)).isTrue();
    }

    private static void assertWhole(Wide wide) {
      assertThat(wide).isEqualTo(Wide.of(wide.a()));
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("some")
  void process_endsWhileItChangesSomething_othersGoOnAndSeeItWhole(Point point, Ending end)
      throws Exception {
    try (var scope = SharedMemoryScope.open()) {
      var shared = Shared.open(scope);
      var ended = scope.add(SharedBoolean.open(false));
      var about = scope.add(ProcessEvent.open());
      var die = scope.add(ProcessEvent.open());
      var victim =
          ChildProcess.start(
              end::options, () -> end.endOnceTold(die, () -> victim(point, shared, about)));
      about.await();
      List<Future<Long>> observers = new ArrayList<>();
      if (point == Point.HOLDING_ARRAYS_LOCK) {
        observers.add(observe(() -> restored(shared)));
        observers.add(observe(() -> restored(shared)));
      } else {
        var elsewhere = ChildProcess.call(() -> changeUntil(ended, point, shared));
        scope.add(elsewhere);
        observers.add(observe(() -> elsewhere.result().get()));
        observers.add(observe(() -> changeUntil(ended, point, shared)));
      }
      observers.add(observe(() -> readUntil(ended, shared)));
      Thread.sleep(Duration.ofMillis(50));

      long over = end.of(victim, die);
      ended.set(true);

      for (Future<Long> observer : observers) {
        assertThat(Duration.ofNanos(observer.get(20, SECONDS) - over)).isLessThan(SOON);
      }
      shared.assertWhole();
      assertThat(shared.array().toArray()[0]).isZero();
      assertThat(shared.array().lock().isLocked()).isFalse();
    }
  }

  /** Changes things until it ends. */
  private static void victim(Point point, Shared shared, ProcessEvent about) throws Exception {
    if (point == Point.HOLDING_ARRAYS_LOCK) {
      shared.array().lock().lock();
      shared.array().set(0, 1); // half of what was to be done
      about.set();
      Thread.sleep(Duration.ofHours(1));
    }
    if (point == Point.IN_UPDATE_OF_STRUCT) {
      var _ =
          shared
              .struct()
              .updateAndGet(
                  wide -> {
                    about.set();
                    sleep();
                    return wide.next();
                  });
    }
    for (long round = 1; ; round++) {
      shared.change(point, round);
      about.set();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(Duration.ofHours(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Future<Long> observe(Callable<?> wait) {
    return threads.submit(
        () -> {
          Object _ = wait.call();
          return System.nanoTime();
        });
  }

  /** Changes the same; every change that is begun ends. */
  private static long changeUntil(SharedBoolean ended, Point point, Shared shared)
      throws InterruptedException {
    long round = 0;
    while (!ended.get()) {
      shared.change(point, round++);
      Thread.sleep(Duration.ofMillis(1));
    }
    shared.change(point, round);
    return round;
  }

  private static long readUntil(SharedBoolean ended, Shared shared) throws InterruptedException {
    long round = 0;
    for (; !ended.get(); round++) {
      shared.assertWhole();
      Thread.sleep(Duration.ofMillis(1));
    }
    return round;
  }

  /** Takes the lock, and puts right what the one before left half done. */
  private static boolean restored(Shared shared) throws InterruptedException {
    var lock = shared.array().lock();
    lock.lockInterruptibly();
    try {
      boolean abandoned = lock.isAbandoned();
      assertThat(shared.array().get(0)).isEqualTo(abandoned ? 1 : 0);
      shared.array().set(0, 0);
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Ending.class, names = "STOP", mode = EnumSource.Mode.EXCLUDE)
  void creator_ends_othersGoOnWithAllOfItAndItsFilesGo(Ending end) throws Exception {
    try (var queue = ProcessQueue.<Shared>open();
        var die = ProcessEvent.open()) {
      var creator =
          ChildProcess.start(
              end::options,
              () -> end.endOnceTold(die, () -> queue.put(Shared.open(SharedMemoryScope.open()))));
      var shared = Objects.requireNonNull(queue.poll(20, SECONDS));
      long over = end.of(creator, die);

      shared.assertWhole();
      for (Point point : Point.values()) {
        shared.change(point, 3);
      }
      shared.array().lock().unlock();
      shared.assertWhole();
      assertThat(Duration.ofNanos(System.nanoTime() - over)).isLessThan(SOON);

      try (var next = ChildProcess.start(() -> {})) {
        next.join();
      }
      while (!files(creator.pid()).isEmpty()) {
        Thread.sleep(Duration.ofMillis(5));
      }
      shared.assertWhole();
    }
  }

  private static List<Path> files(long pid) throws IOException {
    try (Stream<Path> files = Files.list(Os.current().segmentFolders().getFirst())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("procession-" + pid + "-"))
          .toList();
    }
  }
}
