package dev.procession.manager;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.function.SerializableFunction;
import dev.procession.testing.Aside;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong in calls does not harm others. */
@Timeout(60)
class ManagerFaultsTest {
  private static final byte[] KEY = {7, 8, 9};
  private static final SocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static Manager manager;

  @BeforeAll
  static void start() {
    manager = Manager.start();
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  private static SerializableFunction<Integer, Integer> slowly(int millis) {
    return value -> {
      Thread.sleep(millis);
      return value + 1;
    };
  }

  // interrupts

  /** Connects by a socket, which takes interrupts differently. */
  private static Manager connect(int port) throws Exception {
    SocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return Manager.connect(there, o -> o.withKey(KEY));
  }

  @Test
  void calls_bySocketByWhoIsInterrupted_areMadeAndHarmNobody() throws Exception {
    try (Manager served = Manager.serve(LOOPBACK, o -> o.withKey(KEY))) {
      int port = ((InetSocketAddress) served.address()).getPort();
      try (var child =
          ChildProcess.call(
              () -> {
                try (Manager connected = connect(port)) {
                  putInterrupted(connected);
                  takeInterrupted(connected);
                  return true;
                }
              })) {
        assertThat(child.result().get(40, SECONDS)).isTrue();
      }
    }
  }

  @Test
  void calls_byWhoIsInterrupted_areMadeAndHarmNobody() throws Exception {
    putInterrupted(manager);
    takeInterrupted(manager);
  }

  private static void putInterrupted(Manager manager) {
    ServedMap<String, Integer> map = manager.map();
    Thread.currentThread().interrupt();
    Integer before = map.put("a", 1);
    CompletableFuture<Integer> later = Manager.async(map, m -> m.put("a", 2));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(before).isNull();
    assertThat(later.join()).isEqualTo(1);
  }

  private static void takeInterrupted(Manager manager) throws Exception {
    ServedQueue<Integer> queue = manager.queue();
    for (int round = 0; round < 50; round++) {
      Aside<Integer> taken = Aside.run(queue::take);
      while (!taken.isDone()) {
        taken.interrupt();
      }
      assertThatThrownBy(taken::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(queue.size()).isZero();
    }
  }

  @Test
  void await_interruptedAndSignalled_losesNoSignal() throws Exception {
    try (Manager served = Manager.serve(LOOPBACK, o -> o)) {
      for (int round = 0; round < 300; round++) {
        Lock lock = served.lock();
        Condition condition = lock.newCondition();
        ServedSemaphore waiting = served.semaphore(0);
        Aside<Boolean> first = Aside.run(() -> await(lock, condition, waiting));
        waiting.acquire();
        CompletableFuture<Boolean> second = Aside.run(() -> await(lock, condition, waiting));
        waiting.acquire();
        lock.lock();
        try {
          first.interrupt();
          condition.signal();
        } finally {
          lock.unlock();
        }
        if (!first.get(10, SECONDS)) {
          assertThat(second.get(10, SECONDS)).isTrue();
        }
        lock.lock();
        try {
          condition.signalAll();
        } finally {
          lock.unlock();
        }
        assertThat(second.get(10, SECONDS)).isTrue();
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // it counts signals
  private static boolean await(Lock lock, Condition condition, ServedSemaphore waiting) {
    lock.lock();
    try {
      waiting.release();
      condition.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Test
  void await_interruptedWhenAllAreThere_isLetGo() throws Exception {
    try (Manager served = Manager.serve(LOOPBACK, o -> o)) {
      for (int round = 0; round < 300; round++) {
        ServedBarrier barrier = served.barrier(2);
        Aside<Integer> other = Aside.run(() -> barrier.await());
        while (barrier.getNumberWaiting() == 0) {
          Thread.onSpinWait();
        }
        other.interrupt();
        try {
          int mine = barrier.await();
          assertThat(mine).isZero();
          assertThat(other.get(10, SECONDS)).isEqualTo(1);
        } catch (BrokenBarrierException e) {
          assertThatThrownBy(other::get).hasCauseInstanceOf(InterruptedException.class);
        }
      }
    }
  }

  @Test
  @SuppressWarnings("LockNotBeforeTry")
  void lockInterruptibly_byWhoIsInterrupted_isInterrupted() throws Exception {
    try (Manager served = Manager.serve(LOOPBACK, o -> o)) {
      for (Lock lock : List.of(served.lock(), manager.lock())) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(lock.tryLock()).isTrue();
      }
    }
  }

  // those who read for each other

  static final class Refusing implements Serializable {
    private static final long serialVersionUID = 1L;

    @Serial
    private void writeObject(ObjectOutputStream out) {
      try {
        Thread.sleep(2000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      throw new IllegalArgumentException("it refuses");
    }
  }

  @Test
  void call_thatIsNeverSent_keepsNobodyFromReading() throws Exception {
    try (Manager own = Manager.start()) {
      ServedValue<Integer> one = own.value(1);
      ServedValue<Integer> two = own.value(2);
      ServedMap<String, Object> map = own.map();
      CompletableFuture<Integer> reader = Aside.run(() -> one.update(slowly(1000)));
      Thread.sleep(200);
      CompletableFuture<Object> sender = Aside.run(() -> map.put("key", new Refusing()));
      Thread.sleep(200);
      CompletableFuture<Integer> waiter = Aside.run(() -> two.update(slowly(1500)));
      assertThat(reader.get(10, SECONDS)).isEqualTo(2);
      assertThatThrownBy(() -> sender.get(10, SECONDS)).hasStackTraceContaining("it refuses");
      assertThat(waiter.get(5, SECONDS)).isEqualTo(3);
    }
  }

  static final class Failing implements Serializable {
    private static final long serialVersionUID = 1L;

    @Serial
    private void writeObject(ObjectOutputStream out) {
      throw new IllegalStateException("it fails");
    }
  }

  @Test
  void argument_thatFailsToTravel_leavesTheConnectionToOthers() {
    ServedMap<String, Object> map = manager.map();
    assertThatThrownBy(() -> map.put("key", new Failing())).hasStackTraceContaining("it fails");
    assertThat(map).isEmpty();
  }

  // functions at the manager

  @Test
  void function_thatWaits_delaysOnlyTheSameObject() throws Exception {
    try (Manager own = Manager.start()) {
      ServedMap<String, Integer> map = own.map();
      ServedMap<String, Integer> other = own.map();
      ServedEvent begun = own.event();
      ServedEvent go = own.event();
      CompletableFuture<Integer> computed =
          Aside.run(() -> map.compute("key", (key, value) -> waitFor(begun, go)));
      begun.await();
      CompletableFuture<Integer> behind = Aside.run(() -> map.get("key"));
      List<CompletableFuture<Integer>> later = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int number = i;
        later.add(Manager.async(map, m -> m.put("number", number)));
      }
      Thread.sleep(500);
      assertThat(Aside.run(() -> other.put("key", 1)).get(5, SECONDS)).isNull();
      assertThat(behind).isNotDone();
      Aside.run(
              () -> {
                go.set();
                return true;
              })
          .get(5, SECONDS);
      assertThat(computed.get(5, SECONDS)).isEqualTo(42);
      assertThat(behind.get(5, SECONDS)).isEqualTo(42);
      for (int i = 0; i < 100; i++) {
        assertThat(later.get(i).get(5, SECONDS)).isEqualTo(i == 0 ? null : i - 1);
      }
      assertThat(own.stats().clients().getFirst().calls()).isEqualTo(1);
    }
  }

  private static int waitFor(ServedEvent begun, ServedEvent go) {
    try {
      begun.set();
      go.await();
      return 42;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // who serves uses what is served, too

  @Test
  void close_endsCallsOfTheSameProcess() throws Exception {
    Manager served = Manager.serve(LOOPBACK, o -> o);
    ServedQueue<Integer> queue = served.queue();
    Lock lock = served.lock();
    assertThat(lock.tryLock()).isTrue();
    CompletableFuture<Integer> taken = Aside.run(queue::take);
    CompletableFuture<Boolean> locked =
        Aside.run(
            () -> {
              lock.lock();
              return true;
            });
    Thread.sleep(200);
    served.close();
    assertThatThrownBy(() -> taken.get(5, SECONDS))
        .hasCauseInstanceOf(ManagerClosedException.class);
    assertThatThrownBy(() -> locked.get(5, SECONDS))
        .hasCauseInstanceOf(ManagerClosedException.class);
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // it is the result
  void async_inTheSameProcess_doesNotWait() throws Exception {
    try (Manager served = Manager.serve(LOOPBACK, o -> o)) {
      ServedQueue<Integer> queue = served.queue();
      CompletableFuture<CompletableFuture<Integer>> taking =
          Aside.run(() -> Manager.async(queue, q -> uninterrupted(q)));
      CompletableFuture<Integer> taken = taking.get(5, SECONDS);
      assertThat(taken).isNotDone();
      queue.put(1);
      assertThat(taken.get(5, SECONDS)).isEqualTo(1);
    }
  }

  private static Integer uninterrupted(ServedQueue<Integer> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // who holds what

  @Test
  void batch_thatTakesLong_keepsWhatItReturns() throws Exception {
    Lock lock = manager.lock();
    ServedValue<Integer> value = manager.value(0);
    List<Object> results =
        Manager.batch(
            () -> {
              lock.newCondition();
              try {
                value.update(slowly(3000));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    Condition condition = (Condition) results.get(0);
    assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  void proxy_besideWhatTheJdkSerializes_isHeldOnce() throws Exception {
    try (Manager own = Manager.start()) {
      ServedList<Object> list = own.list();
      list.add(own.list());
      list.add(new BitSet());
      assertThat(list.toArray()).hasSize(2);
      list.clear();
      for (int i = 0; own.stats().objects().size() > 1; i++) {
        assertThat(i).as("rounds").isLessThan(500);
        System.gc();
        Thread.sleep(10);
      }
      assertThat(list).isEmpty();
    }
  }

  // as the JDK's interfaces have it

  @Test
  void queue_recorded_isCalledOnce() throws Exception {
    ServedQueue<String> queue = manager.queue();
    List<Object> results =
        Manager.batch(
            () -> {
              queue.add("a");
              queue.add("b");
              queue.element();
              queue.remove();
            });
    assertThat(results).containsExactly(true, true, "a", "a");
    assertThatThrownBy(() -> queue.drainTo(null)).isInstanceOf(NullPointerException.class);
    assertThat(queue.remove()).isEqualTo("b");
    assertThatThrownBy(queue::remove).isInstanceOf(java.util.NoSuchElementException.class);
    assertThatThrownBy(queue::element).isInstanceOf(java.util.NoSuchElementException.class);
  }

  @Test
  void list_itsEnds_areOneCallEach() throws Exception {
    ServedList<Integer> list = manager.list();
    list.addAll(List.of(1, 2, 3, 4));
    assertThat(Manager.async(list, List::getFirst).get(5, SECONDS)).isEqualTo(1);
    assertThat(Manager.async(list, List::getLast).get(5, SECONDS)).isEqualTo(4);
    assertThat(Manager.async(list, List::removeFirst).get(5, SECONDS)).isEqualTo(1);
    assertThat(Manager.async(list, List::removeLast).get(5, SECONDS)).isEqualTo(4);
    list.clear();
    assertThatThrownBy(list::removeLast).isInstanceOf(java.util.NoSuchElementException.class);
  }

  @Test
  void elements_thatDoNotSayWhenTheyAreEqual_canBeSortedAndRemoved() {
    ServedList<int[]> list = manager.list();
    list.addAll(List.of(new int[] {3}, new int[] {1}, new int[] {2}));
    Comparator<int[]> order = Comparator.comparingInt(array -> array[0]);
    list.sort(order);
    assertThat(list.stream().map(array -> array[0])).containsExactly(1, 2, 3);
    Iterator<int[]> iterator = list.iterator();
    iterator.next();
    iterator.remove();
    assertThat(list).hasSize(2);
    ServedQueue<int[]> queue = manager.queue();
    queue.add(new int[] {1});
    assertThat(queue.removeIf(array -> array[0] == 1)).isTrue();
    assertThat(queue).isEmpty();
  }

  @Test
  @Timeout(10)
  void values_thatDoNotSayWhenTheyAreEqual_canBeComputedHere() {
    ServedMap<String, int[]> map = manager.map();
    ConcurrentMap<String, int[]> plain = map;
    map.put("key", new int[] {1});
    plain.compute("key", (key, value) -> new int[] {value[0] + 1});
    plain.merge("key", new int[] {5}, (one, other) -> new int[] {one[0] + other[0]});
    plain.replaceAll((key, value) -> new int[] {value[0] + 1});
    assertThat(map.get("key")).containsExactly(8);
    assertThat(plain.computeIfPresent("key", (key, value) -> null)).isNull();
    assertThat(map).isEmpty();
  }

  @Test
  void putAll_ofAMapWhoseOrderCannotTravel_putsItsEntries() {
    ServedMap<String, Integer> map = manager.map();
    Map<String, Integer> other = new TreeMap<>((one, two) -> two.compareTo(one));
    other.putAll(Map.of("a", 1, "b", 2));
    map.putAll(other);
    assertThat(map.keySet()).containsExactly("b", "a");
    assertThat(map.keySet().remove("a")).isTrue();
    assertThat(map.keySet().remove("a")).isFalse();
    assertThat(map.values().remove(2)).isTrue();
    assertThat(map).isEmpty();
  }

  @Test
  void streams_walkACopyWhileOthersChange() throws Exception {
    ServedList<Integer> list = manager.list();
    ServedSet<Integer> set = manager.set();
    ServedMap<Integer, Integer> map = manager.map();
    ServedQueue<Integer> queue = manager.queue();
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Boolean> other =
        Aside.run(
            () -> {
              while (!over.get()) {
                list.add(1);
                set.add(1);
                map.put(1, 1);
                queue.add(1);
                list.clear();
                set.clear();
                map.clear();
                queue.clear();
              }
              return true;
            });
    try {
      for (int i = 0; i < 1000; i++) {
        assertThat(list.stream().toList().size()).isLessThan(2);
        assertThat(set.stream().toList().size()).isLessThan(2);
        assertThat(map.keySet().stream().toList().size()).isLessThan(2);
        assertThat(map.values().stream().toList().size()).isLessThan(2);
        assertThat(map.entrySet().stream().toList().size()).isLessThan(2);
        assertThat(queue.stream().toList().size()).isLessThan(2);
      }
    } finally {
      over.set(true);
    }
    assertThat(other.get(10, SECONDS)).isTrue();
  }

  // what is asked of objects

  /** Has a result that cannot be written, later. */
  public interface Promising {
    CompletableFuture<Object> promise();
  }

  static final class Unwritable implements Serializable {
    @Serial private static final long serialVersionUID = 1L;

    @Serial
    private void writeObject(ObjectOutputStream stream) {
      throw new IllegalStateException("not now");
    }
  }

  @Test
  void call_futureWithWhatCannotBeWritten_fails() throws Exception {
    Promising promising =
        manager.create(
            Promising.class, () -> () -> CompletableFuture.completedFuture(new Unwritable()));
    assertThatThrownBy(() -> promising.promise().get(20, SECONDS))
        .hasStackTraceContaining("not now");
  }

  @Test
  void create_methodThatThereIsNot_isRefused() {
    assertThatThrownBy(
            () ->
                manager.create(
                    Promising.class, () -> () -> null, serving -> serving.withMethod("promised")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("promised");
    assertThatThrownBy(
            () ->
                manager.create(
                    Promising.class, () -> () -> null, serving -> serving.withProxied("promise")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("promise");
  }

  @Test
  void semaphore_ofSignals_gainsNoneWhenWhoGotThemEnds() throws Exception {
    ServedSemaphore signals = manager.semaphore(0);
    signals.release(5);
    try (var child = ChildProcess.start(() -> signals.tryAcquire(5, Duration.ofSeconds(20)))) {
      child.join();
    }
    while (manager.stats().clients().size() > 1) {
      Thread.sleep(5);
    }
    assertThat(signals.availablePermits()).isZero();
  }

  @Test
  void removeIf_valueChangedMeanwhile_staysAsItIs() {
    ServedMap<String, Integer> map = manager.map();
    map.put("a", 1);
    map.put("b", 1);
    boolean removed =
        map.values()
            .removeIf(
                value -> {
                  map.replace("a", 5);
                  return value == 1;
                });
    assertThat(removed).isTrue();
    assertThat(map).isEqualTo(Map.of("a", 5));
  }
}
