package dev.procession.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.function.SerializableCallable;
import dev.procession.internal.os.Os;
import dev.procession.memory.SharedArray;
import dev.procession.memory.SharedBoolean;
import dev.procession.memory.SharedLong;
import dev.procession.memory.SharedLongArray;
import dev.procession.memory.SharedMemoryScope;
import dev.procession.sync.ProcessBarrier;
import dev.procession.sync.ProcessEvent;
import dev.procession.sync.ProcessSemaphore;
import dev.procession.testing.Asleep;
import dev.procession.testing.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process that has a queue ends in each way at each point: those who put, take, wait until all is
 * done or look at the size, here and in other processes, go on within a second of the end; every
 * object is whole, in its putter's order, and there once, but for those that the dead had taken;
 * sizes and counts are exact, and no file is left. Failures that nobody has asked for are tried at
 * the points where most is under way; all else everywhere.
 */
@Timeout(60)
class QueueFaultTest {
  /** On a machine that has much else to do; nothing polls so seldom. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final Duration NEVER = Duration.ofHours(1);

  /** So few that putting has to wait now and then. */
  private static final int FEW = 64;

  /** So many that the queue grows while they are put. */
  private static final int MANY = 5000;

  private static final int BATCH = 100;

  /** How many there are before the end. */
  private static final int SOME = 200;

  /** How many those who live put without a pause. */
  private static final int BURST = 32;

  private static final long BURST_PAUSE_NANOS = 200_000;

  private static final int DELIVERIES = 3;

  private static final int LOG_LENGTH = 1 << 20;

  private static final int WORKERS = 3;

  /** Others that take, put and wait; opened by the test, as the others have this class as well. */
  @SuppressWarnings("NullAway.Init")
  private static Pool others;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What the others were asked for. */
  private final List<Future<?>> asked = new ArrayList<>();

  /** Where it is then. */
  enum Point {
    IDLE,
    SLEEPING_IN_TAKE,
    SLEEPING_IN_PUT,
    PUTTING,
    TAKING,
    PUTTING_BATCHES,
    DRAINING,
    HOLDING_DELIVERIES,
    AWAITING_DONE
  }

  private static final Set<Point> WITH_FAILURES =
      EnumSet.of(Point.PUTTING, Point.HOLDING_DELIVERIES);

  static Stream<Arguments> some() {
    return Ending.at(Point.values(), WITH_FAILURES);
  }

  @BeforeAll
  static void startAllOthers() throws Exception {
    others = Pool.processes(WORKERS);
    try (var barrier = ProcessBarrier.open(WORKERS)) {
      SerializableCallable<Integer> meet = () -> barrier.await();
      for (var meeting : others.invokeAll(Collections.nCopies(WORKERS, meet))) {
        assertThat(meeting.get()).isLessThan(WORKERS);
      }
    }
  }

  @AfterAll
  static void endAllOthers() {
    var _ = others.shutdownNow();
  }

  @AfterEach
  void endThreads() throws Exception {
    asked.forEach(future -> future.cancel(true)); // what is not done has failed already
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, SECONDS)).isTrue();
  }

  // who puts

  private static final int TEST = 1;
  private static final int VICTIM = 2;
  private static final int HERE = 3;
  private static final int ELSEWHERE = 4;

  /** What is put; one that is not whole does not become one. */
  record Item(int putter, int number, String body) {
    Item {
      if (!body.equals(body(number))) {
        throw new IllegalArgumentException("torn: putter=" + putter + ", number=" + number);
      }
    }

    static Item of(int putter, int number) {
      return new Item(putter, number, body(number));
    }

    private static String body(int number) {
      return Character.toString('a' + number % 26).repeat(number % 2000);
    }

    /** It, without its body. */
    long code() {
      return code(putter, number);
    }

    static long code(int putter, int number) {
      return (long) putter << 32 | number;
    }

    static int putter(long code) {
      return (int) (code >> 32);
    }
  }

  /** Everything that is shared; a record, so that it travels as a whole. */
  record Shared(
      ProcessQueue<Item> queue,
      ProcessEvent about,
      ProcessSemaphore going,
      ProcessSemaphore taking,
      ProcessEvent die,
      SharedBoolean over,
      SharedLong putByVictim,
      SharedLong takenByVictim,
      SharedLongArray log) {
    static Shared open(SharedMemoryScope scope, int capacity) {
      return new Shared(
          scope.add(ProcessQueue.open(capacity)),
          scope.add(ProcessEvent.open()),
          scope.add(ProcessSemaphore.open(0)),
          scope.add(ProcessSemaphore.open(0)),
          scope.add(ProcessEvent.open()),
          scope.add(SharedBoolean.open(false)),
          scope.add(SharedLong.open(0)),
          scope.add(SharedLong.open(0)),
          scope.add(SharedArray.longs(LOG_LENGTH)));
    }

    /** The victim has put so many. */
    void putting(int number) {
      putByVictim.set(number);
      if (number >= SOME) {
        about.set();
      }
    }

    /** The victim has taken one. */
    void taking(Item item, int enough) {
      long count = takenByVictim.get();
      log.set((int) count, item.code());
      takenByVictim.set(count + 1);
      if (count + 1 >= enough) {
        about.set();
      }
    }

    Set<Long> takenByVictim(long count) {
      Set<Long> taken = new HashSet<>();
      for (int i = 0; i < count; i++) {
        taken.add(log.get(i));
      }
      return taken;
    }
  }

  // the process that ends

  private static void live(Point point, Shared shared) throws Exception {
    ProcessQueue<Item> queue = shared.queue();
    switch (point) {
      case IDLE -> {
        assertThat(queue.isClosed()).isFalse();
        shared.about().set();
      }
      case SLEEPING_IN_TAKE -> {
        Asleep.tell(shared.about());
        shared.taking(queue.take(), 1);
      }
      case SLEEPING_IN_PUT -> {
        Asleep.tell(shared.about());
        for (int i = 1; i < Integer.MAX_VALUE; i++) {
          queue.put(Item.of(VICTIM, i));
          shared.putting(i);
        }
      }
      case PUTTING -> {
        for (int i = 1; i < Integer.MAX_VALUE; i++) {
          queue.put(Item.of(VICTIM, i));
          shared.putting(i);
        }
      }
      case PUTTING_BATCHES -> {
        for (int i = 1; i < Integer.MAX_VALUE; i += BATCH) {
          queue.putAll(IntStream.range(i, i + BATCH).mapToObj(n -> Item.of(VICTIM, n)).toList());
          shared.putting(i + BATCH - 1);
        }
      }
      case TAKING -> {
        while (true) {
          shared.taking(queue.take(), SOME);
        }
      }
      case DRAINING -> {
        while (true) {
          List<Item> drained = new ArrayList<>(List.of(queue.take()));
          queue.drainTo(drained, BATCH - 1);
          drained.forEach(item -> shared.taking(item, SOME));
        }
      }
      case HOLDING_DELIVERIES -> {
        for (int i = 0; i < DELIVERIES; i++) {
          shared.taking(queue.takeDelivery().object(), DELIVERIES);
        }
        Thread.sleep(NEVER); // or they would be given back
      }
      case AWAITING_DONE -> {
        Asleep.tell(shared.about());
        queue.awaitDone();
      }
    }
  }

  // those who live

  /** What somebody has done, and when that was over, as seen here. */
  private record Done<T>(T what, long at) {}

  /** Has a thread do something. */
  private <T> Future<Done<T>> here(Callable<T> code) {
    return threads.submit(() -> new Done<>(code.call(), System.nanoTime()));
  }

  /** Has a thread wait for something that another process does. */
  private <T> Future<Done<T>> elsewhere(SerializableCallable<T> code) {
    Future<T> future = others.submit(code);
    asked.add(future);
    return here(() -> future.get());
  }

  private static <T> T soon(Future<Done<T>> future, long since) throws Exception {
    Done<T> done = future.get(20, SECONDS);
    assertThat(Duration.ofNanos(done.at() - since)).isLessThan(SOON);
    return done.what();
  }

  /** Puts until it is over; how many. */
  private static int put(Shared shared, int me) throws InterruptedException {
    int number = 0;
    while (number < BATCH || !shared.over().get()) {
      shared.queue().put(Item.of(me, ++number));
      if (number == SOME) {
        shared.going().release();
      }
      if (number % BURST == 0) {
        LockSupport.parkNanos(BURST_PAUSE_NANOS); // processors are for the dying, too
      }
    }
    return number;
  }

  /** Takes until there is no more; what. */
  private static long[] take(Shared shared) throws InterruptedException {
    ProcessQueue<Item> queue = shared.queue();
    shared.taking().release();
    LongStream.Builder taken = LongStream.builder();
    try {
      while (true) {
        taken.add(queue.take().code());
        queue.taskDone();
      }
    } catch (QueueClosedException e) {
      return taken.build().toArray();
    }
  }

  /** Takes likewise what is to be acknowledged; what the test has put is delivered again. */
  private static long[] takeDeliveries(Shared shared) throws InterruptedException {
    ProcessQueue<Item> queue = shared.queue();
    shared.taking().release();
    LongStream.Builder taken = LongStream.builder();
    try {
      while (true) {
        try (var delivery = queue.takeDelivery()) {
          Item item = delivery.object();
          assertThat(delivery.attempt()).isEqualTo(item.putter() == TEST ? 2 : 1);
          taken.add(item.code());
          delivery.acknowledge();
          queue.taskDone();
        }
      }
    } catch (QueueClosedException e) {
      return taken.build().toArray();
    }
  }

  private static int lookAtSize(Shared shared) throws InterruptedException {
    int most = 0;
    while (!shared.over().get()) {
      most = Math.max(most, shared.queue().size());
      Thread.sleep(1);
    }
    return most;
  }

  private static boolean awaitDone(ProcessQueue<Item> queue) throws InterruptedException {
    return queue.awaitDone(10, SECONDS);
  }

  private List<Future<Done<Integer>>> startPutters(Shared shared) {
    return List.of(here(() -> put(shared, HERE)), elsewhere(() -> put(shared, ELSEWHERE)));
  }

  private List<Future<Done<long[]>>> startTakers(Point point, Shared shared) {
    return point == Point.HOLDING_DELIVERIES
        ? List.of(here(() -> take(shared)), elsewhere(() -> takeDeliveries(shared)))
        : List.of(here(() -> take(shared)), elsewhere(() -> take(shared)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("some")
  void process_endsSomehowSomewhere_othersGoOn(Point point, Ending end) throws Exception {
    try (var scope = SharedMemoryScope.open()) {
      Shared shared =
          Shared.open(
              scope, point == Point.PUTTING_BATCHES || point == Point.DRAINING ? MANY : FEW);
      ProcessQueue<Item> queue = shared.queue();
      queue.put(Item.of(TEST, 1)); // not done before the end
      List<Future<Done<Boolean>>> waiters =
          List.of(here(() -> awaitDone(queue)), elsewhere(() -> awaitDone(queue)));
      assertThat(queue.take().number()).isEqualTo(1);
      boolean fills = point == Point.SLEEPING_IN_PUT;
      boolean empties = point == Point.SLEEPING_IN_TAKE;
      boolean holds = point == Point.HOLDING_DELIVERIES;
      for (int i = 0; holds && i < DELIVERIES; i++) {
        queue.put(Item.of(TEST, 2 + i));
      }
      var looks = here(() -> lookAtSize(shared));
      var victim =
          ChildProcess.start(
              end::options, () -> end.endOnceTold(shared.die(), () -> live(point, shared)));
      if (fills || empties || holds) {
        shared.about().await();
      }
      List<Future<Done<long[]>>> takers = fills ? List.of() : startTakers(point, shared);
      List<Future<Done<Integer>>> putters = empties ? List.of() : startPutters(shared);
      if (!fills && !empties) {
        shared.about().await();
        shared.going().acquire(2);
      }

      long ended = end.of(victim, shared.die());

      if (fills) {
        assertThat(queue.size()).isEqualTo(FEW);
        takers = startTakers(point, shared);
      } else if (empties) {
        assertThat(queue.size()).isZero();
        putters = startPutters(shared);
      }
      shared.over().set(true);
      Map<Integer, Integer> counts = new HashMap<>();
      counts.put(HERE, soon(putters.getFirst(), ended));
      counts.put(ELSEWHERE, soon(putters.getLast(), ended));
      soon(looks, ended);
      soon(here(() -> awaitEmpty(queue)), ended);
      shared.taking().acquire(2); // who comes when all is taken and closed finds no queue
      queue.close();
      List<long[]> taken = new ArrayList<>();
      for (var taker : takers) {
        taken.add(soon(taker, ended));
      }

      Set<Long> received = received(taken, holds);
      counts.put(VICTIM, putByVictim(received, shared.putByVictim().get()));
      Set<Long> lost = lost(received, counts);
      if (holds) {
        assertThat(received.containsAll(shared.takenByVictim(DELIVERIES))).isTrue();
        assertThat(lost).isEmpty();
      } else {
        Set<Long> known = shared.takenByVictim(shared.takenByVictim().get());
        assertThat(lost.containsAll(known)).isTrue();
        int unknown = point == Point.DRAINING ? BATCH : known.isEmpty() ? 0 : 1;
        assertThat(lost.size() - known.size()).isLessThanOrEqualTo(unknown);
      }

      assertThat(waiters).noneMatch(waiter -> waiter.isDone());
      long done = System.nanoTime();
      for (int i = 0; i < lost.size() + 1; i++) {
        queue.taskDone();
      }
      for (var waiter : waiters) {
        assertThat(soon(waiter, done)).isTrue();
      }
      assertThatThrownBy(() -> queue.taskDone()).isInstanceOf(IllegalStateException.class);
      assertThat(queue.size()).isZero();
      assertThat(files()).isEmpty();
    }
  }

  private static boolean awaitEmpty(ProcessQueue<Item> queue) throws InterruptedException {
    while (!queue.isEmpty()) {
      Thread.sleep(1);
    }
    return true;
  }

  /** What was taken by all, each once and what is of one putter in order. */
  private static Set<Long> received(List<long[]> taken, boolean testsAreAnywhere) {
    Set<Long> received = new HashSet<>();
    for (long[] ofOne : taken) {
      Map<Integer, Long> last = new HashMap<>();
      for (long code : ofOne) {
        if (!received.add(code)) {
          throw new AssertionError("there twice: " + Long.toHexString(code));
        }
        Long before = last.put(Item.putter(code), code);
        boolean isInOrder = before == null || before < code;
        if (!isInOrder && !(testsAreAnywhere && Item.putter(code) == TEST)) {
          throw new AssertionError("out of order: " + Long.toHexString(code));
        }
      }
    }
    return received;
  }

  /** How many the victim has put: what it has said, and some more, of a call under way. */
  private static int putByVictim(Set<Long> received, long said) {
    int count = (int) said;
    while (received.contains(Item.code(VICTIM, count + 1))) {
      count++;
    }
    assertThat(count - said).isLessThanOrEqualTo(BATCH);
    return count;
  }

  /** What was put and did not arrive; nothing arrives that was not put. */
  private static Set<Long> lost(Set<Long> received, Map<Integer, Integer> counts) {
    Set<Long> missing = new HashSet<>();
    int expected = 0;
    for (var entry : counts.entrySet()) {
      for (int i = 1; i <= entry.getValue(); i++) {
        long code = Item.code(entry.getKey(), i);
        expected++;
        if (!received.contains(code)) {
          missing.add(code);
        }
      }
    }
    long others = received.stream().filter(code -> Item.putter(code) == TEST).count();
    assertThat((long) received.size()).isEqualTo(expected - missing.size() + others);
    return missing;
  }

  /** Those of queues of this process. */
  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Os.current().segmentFolders().getFirst())) {
      String ours = "procession-" + ProcessHandle.current().pid() + "-";
      return files
          .filter(file -> file.getFileName().toString().startsWith(ours))
          .filter(file -> file.getFileName().toString().contains(".queue"))
          .toList();
    }
  }
}
