package dev.procession.manager;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.ProcessStartException;
import dev.procession.channel.AuthenticationException;
import dev.procession.channel.Connection;
import dev.procession.channel.ConnectionOptions;
import dev.procession.channel.Listener;
import dev.procession.channel.Pipe;
import dev.procession.channel.ProcessQueue;
import dev.procession.channel.SharedMemoryAddress;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableRunnable;
import dev.procession.testing.Aside;
import dev.procession.testing.TlsStores;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ManagerTest {
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

  // types

  @Test
  void map_isOneForAllProcesses() throws Exception {
    ServedMap<String, Integer> map = manager.map();
    assertThat(map.put("a", 1)).isNull();
    assertThat(map.put("a", 2)).isEqualTo(1);
    try (var pool = Pool.processes(2)) {
      pool.map(
          n -> {
            for (int i = 0; i < 100; i++) {
              map.merge("sum", n, Integer::sum);
            }
            return map.put("worker " + n, n);
          },
          List.of(1, 2, 3, 4));
    }
    assertThat(map)
        .isEqualTo(
            Map.of(
                "a", 2, "sum", 1000, "worker 1", 1, "worker 2", 2, "worker 3", 3, "worker 4", 4));
    assertThat(map.keySet().iterator().next()).isEqualTo("a");
    map.keySet().removeIf(key -> key.startsWith("worker"));
    assertThat(map.toString()).isEqualTo("{a=2, sum=1000}");
    map.entrySet().iterator().next().setValue(5);
    assertThat(map.get("a")).isEqualTo(5);
  }

  @Test
  void map_withFunctions_computesAtTheManagerIfTheyCanTravel() {
    ServedMap<String, Long> map = manager.map();
    long here = ProcessHandle.current().pid();
    assertThat(map.compute("pid", (key, value) -> ProcessHandle.current().pid()))
        .isNotEqualTo(here);
    java.util.concurrent.ConcurrentMap<String, Long> plain = map;
    assertThat(plain.compute("pid", (key, value) -> ProcessHandle.current().pid())).isEqualTo(here);
    assertThat(map.computeIfAbsent("new", key -> (long) key.length())).isEqualTo(3);
  }

  @Test
  void awaitDone_ofElementsThatWereRemoved_ends() throws Exception {
    ServedQueue<Integer> queue = manager.queue(10);
    queue.addAll(List.of(1, 2, 3, 4));

    assertThat(queue.remove(2)).isTrue();
    assertThat(queue.removeIf(n -> n == 3)).isTrue();
    queue.clear();

    assertThat(queue.awaitDone(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void queue_waitsThereAndDelaysNobody() throws Exception {
    ServedQueue<String> queue = manager.queue(2);
    ServedMap<String, Integer> map = manager.map();
    CompletableFuture<String> taken = CompletableFuture.supplyAsync(() -> uninterrupted(queue));
    assertThat(map.put("a", 1)).isNull();
    queue.put("first");
    assertThat(taken.get(10, SECONDS)).isEqualTo("first");
    assertThat(queue.offer("second")).isTrue();
    assertThat(queue.offer("third")).isTrue();
    assertThat(queue.offer("fourth")).isFalse();
    assertThat(queue.offer("fourth", 10, java.util.concurrent.TimeUnit.MILLISECONDS)).isFalse();
    List<String> drained = new ArrayList<>();
    assertThat(queue.drainTo(drained)).isEqualTo(2);
    assertThat(drained).containsExactly("second", "third");
    assertThat(queue.awaitDone(Duration.ofMillis(10))).isFalse();
    for (int i = 0; i < 3; i++) {
      queue.taskDone();
    }
    queue.awaitDone();
    assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
  }

  private static String uninterrupted(ServedQueue<String> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void take_interrupted_endsAndLosesNothing() throws Exception {
    ServedQueue<Integer> queue = manager.queue();
    for (int round = 0; round < 50; round++) {
      int number = round;
      CompletableFuture<Integer> got = new CompletableFuture<>();
      Thread taker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      got.complete(queue.take());
                    } catch (InterruptedException e) {
                      got.complete(-1);
                    }
                  });
      if (round % 3 != 0) {
        Thread.sleep(1); // at different moments
      }
      CompletableFuture<Void> put = CompletableFuture.runAsync(() -> queue.add(number));
      taker.interrupt();
      int taken = got.get(10, SECONDS);
      put.get(10, SECONDS);
      if (taken < 0) {
        assertThat(queue.take()).isEqualTo(round);
      } else {
        assertThat(taken).isEqualTo(round);
      }
      taker.join();
    }
  }

  @Test
  @SuppressWarnings("LockNotBeforeTry")
  void lock_isOwnedByAThreadOfAProcess() throws Exception {
    Lock lock = manager.reentrantLock();
    lock.lock();
    lock.lock();
    try (var child = ChildProcess.call(() -> lock.tryLock())) {
      assertThat(child.result().get(20, SECONDS)).isFalse();
    }
    assertThat(CompletableFuture.supplyAsync(lock::tryLock).get(10, SECONDS)).isFalse();
    lock.unlock();
    lock.unlock();
    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    assertThat(CompletableFuture.supplyAsync(lock::tryLock).get(10, SECONDS)).isTrue();
  }

  @Test
  void lock_whoseOwnerIsKilled_isFree() throws Exception {
    Lock lock = manager.lock();
    ServedSemaphore semaphore = manager.semaphore(1);
    ServedBarrier barrier = manager.barrier(2);
    ServedEvent about = manager.event();
    try (var child =
        ChildProcess.start(
            () -> {
              lock.lock();
              semaphore.acquire();
              about.set();
              barrier.await();
            })) {
      about.await();
      while (barrier.getNumberWaiting() == 0) {
        Thread.onSpinWait();
      }
      assertThat(lock.tryLock()).isFalse();
      assertThat(semaphore.tryAcquire()).isFalse();
      child.kill();
      assertThat(lock.tryLock(5, SECONDS)).isTrue();
      assertThat(semaphore.tryAcquire(1, Duration.ofSeconds(5))).isTrue();
      while (!barrier.isBroken()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void condition_signalsAcrossProcesses() throws Exception {
    Lock lock = manager.lock();
    Condition changed = lock.newCondition();
    ServedValue<Integer> value = manager.value(0);
    try (var child =
        ChildProcess.call(
            () -> {
              lock.lock();
              try {
                while (value.get() == 0) {
                  changed.await();
                }
                return value.get();
              } finally {
                lock.unlock();
              }
            })) {
      lock.lock();
      try {
        value.set(42);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      assertThat(child.result().get(20, SECONDS)).isEqualTo(42);
    }
    assertThatThrownBy(changed::signal).isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  @SuppressWarnings({"WaitNotInLoop", "JavaUtilDate"}) // nobody signals
  void condition_timedWaits_endWithTheLockHeld() throws Exception {
    Lock lock = manager.lock();
    Condition never = lock.newCondition();
    lock.lock();
    try {
      long start = System.nanoTime();
      assertThat(never.await(20, MILLISECONDS)).isFalse();
      assertThat(never.awaitNanos(20_000_000)).isNotPositive();
      assertThat(never.awaitUntil(new Date(System.currentTimeMillis() + 20))).isFalse();
      assertThat(System.nanoTime() - start).isGreaterThan(55_000_000);
      try (var child = ChildProcess.call(() -> lock.tryLock())) {
        assertThat(child.result().get(20, SECONDS)).as("it is held again").isFalse();
      }
    } finally {
      lock.unlock();
    }
  }

  @Test
  void event_isSetAndClearedForAll() throws Exception {
    ServedEvent event = manager.event();
    assertThat(event.await(Duration.ofMillis(10))).isFalse();
    try (var child = ChildProcess.start(event::set)) {
      event.await();
      child.join();
    }
    assertThat(event.isSet()).isTrue();
    event.clear();
    assertThat(event.isSet()).isFalse();
    assertThat(event.await(Duration.ZERO)).isFalse();
  }

  @Test
  void barrier_aborted_breaksForWhoWaits() throws Exception {
    ServedBarrier barrier = manager.barrier(2);
    assertThat(barrier.getParties()).isEqualTo(2);
    CompletableFuture<Integer> waiting = Aside.run(() -> barrier.await());
    while (barrier.getNumberWaiting() == 0) {
      Thread.onSpinWait();
    }
    try (var child = ChildProcess.start(barrier::abort)) {
      assertThatThrownBy(() -> waiting.get(20, SECONDS))
          .hasCauseInstanceOf(BrokenBarrierException.class);
      child.join();
    }
    assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
  }

  @Test
  void value_updatesAtTheManager() throws Exception {
    ServedValue<Integer> value = manager.value(1);
    try (var pool = Pool.processes(2)) {
      pool.map(n -> value.update(v -> v + 1), List.of(1, 2, 3, 4, 5, 6, 7, 8));
    }
    assertThat(value.get()).isEqualTo(9);
    assertThat(value.compareAndSet(9, 10)).isTrue();
    assertThat(value.compareAndSet(9, 11)).isFalse();
    assertThat(value.getAndSet(0)).isEqualTo(10);
    assertThatThrownBy(() -> value.update(v -> 1 / v)).isInstanceOf(ArithmeticException.class);
    assertThat(value).hasToString("0");
  }

  interface Settings {
    int level();

    void level(int level);

    String name();

    void name(String name);
  }

  @Test
  void namespace_hasAttributesWithTypes() throws Exception {
    Settings settings = manager.namespace(Settings.class);
    assertThatThrownBy(settings::level)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("level");
    settings.name("first");
    try (var child = ChildProcess.start(() -> settings.level(3))) {
      child.join();
    }
    assertThat(settings.level()).isEqualTo(3);
    assertThat(settings).hasToString("{level=3, name=first}");
    assertThatThrownBy(() -> manager.namespace(Account.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void array_hasASizeAndAType() {
    ServedList<Integer> array = manager.array(int.class, 3);
    assertThat(array).containsExactly(0, 0, 0);
    array.set(1, 5);
    assertThat(array.get(1)).isEqualTo(5);
    assertThatThrownBy(() -> array.add(1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> array.set(3, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Object> wrong = (List) array;
    assertThatThrownBy(() -> wrong.set(0, "text")).isInstanceOf(ClassCastException.class);
  }

  @Test
  void barrier_letsAllGoWhenAllAreThere() throws Exception {
    ServedBarrier barrier = manager.barrier(3);
    try (var pool = Pool.processes(2)) {
      var others = pool.mapAsync(n -> barrier.await(), List.of(1, 2));
      int mine = barrier.await();
      List<Integer> all = new ArrayList<>(others.get(20, SECONDS));
      all.add(mine);
      assertThat(all).containsExactlyInAnyOrder(0, 1, 2);
    }
    assertThatThrownBy(() -> barrier.await(Duration.ofMillis(10)))
        .isInstanceOf(java.util.concurrent.TimeoutException.class);
    assertThat(barrier.isBroken()).isTrue();
    barrier.reset();
    assertThat(barrier.isBroken()).isFalse();
  }

  @Test
  void pool_runsTasksThere() throws Exception {
    try (Pool pool = manager.pool(2)) {
      assertThat(pool.submit(() -> 6 * 7).get(20, SECONDS)).isEqualTo(42);
      assertThat(pool.map(n -> n * n, List.of(1, 2, 3))).containsExactly(1, 4, 9);
      assertThat(pool.submit(() -> ProcessHandle.current().parent().orElseThrow().pid()).get())
          .isEqualTo(manager.stats().pid());
      assertThatThrownBy(
              () ->
                  pool.submit(
                          () -> {
                            throw new IllegalStateException("there");
                          })
                      .get(20, SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(IllegalStateException.class);
    }
  }

  // objects of users

  interface Account {
    int deposit(int amount);

    int balance();

    default int twice() {
      return 2 * balance();
    }

    Account joint();

    boolean isSame(Account other);

    void fail() throws IOException;

    CompletableFuture<Integer> later(int amount);
  }

  static final class SavingsAccount implements Account {
    private int balance;
    private Account joint;

    @Override
    public synchronized int deposit(int amount) {
      balance += amount;
      return balance;
    }

    @Override
    public synchronized int balance() {
      return balance;
    }

    @Override
    public synchronized Account joint() {
      if (joint == null) {
        joint = new SavingsAccount();
      }
      return joint;
    }

    @Override
    public boolean isSame(Account other) {
      return other == this;
    }

    @Override
    public void fail() throws IOException {
      throw new IOException("no money");
    }

    @Override
    public CompletableFuture<Integer> later(int amount) {
      return CompletableFuture.supplyAsync(() -> deposit(amount));
    }

    @Override
    public String toString() {
      return "Savings[" + balance() + ']';
    }
  }

  @Test
  void create_servesAnObjectBehindItsInterface() throws Exception {
    Account account =
        manager.create(Account.class, SavingsAccount::new, serving -> serving.withProxied("joint"));
    try (var pool = Pool.processes(2)) {
      pool.map(n -> account.deposit(n), List.of(1, 2, 3, 4));
    }
    assertThat(account.balance()).isEqualTo(10);
    assertThat(account.twice()).isEqualTo(20);
    assertThat(account).hasToString("Savings[10]");
    assertThat(account.later(5).get(10, SECONDS)).isEqualTo(15);
    Account joint = account.joint();
    joint.deposit(1);
    assertThat(account.joint().balance()).isEqualTo(1);
    assertThat(account.joint()).isEqualTo(joint).isNotEqualTo(account).hasSameHashCodeAs(joint);
    assertThat(account.isSame(account)).isTrue();
    assertThat(account.isSame(joint)).isFalse();
  }

  @Test
  void call_thatThrows_hasTheExceptionWithBothTraces() throws Exception {
    Account account = manager.create(Account.class, SavingsAccount::new);
    assertThatThrownBy(account::fail)
        .isInstanceOf(IOException.class)
        .hasMessage("no money")
        .hasStackTraceContaining("SavingsAccount.fail")
        .hasStackTraceContaining("called in this process by")
        .hasStackTraceContaining("ManagerTest.call_thatThrows_hasTheExceptionWithBothTraces");
  }

  @Test
  void call_ofWhatIsNotServed_isRefused() throws Exception {
    Account account =
        manager.create(
            Account.class, SavingsAccount::new, serving -> serving.withMethod("balance"));
    assertThat(account.balance()).isZero();
    assertThatThrownBy(() -> account.deposit(1))
        .isInstanceOf(ManagerException.class)
        .hasMessageContaining("deposit");
    assertThatThrownBy(() -> manager.create(SavingsAccount.class, SavingsAccount::new))
        .isInstanceOf(IllegalArgumentException.class);
    ServedMap<String, Object> map = manager.map();
    assertThatThrownBy(() -> map.put("key", new Object())).hasMessageContaining("java.lang.Object");
    map.put("key", "good");
    assertThat(map.get("key")).isEqualTo("good");
    assertThatThrownBy(account::joint).isInstanceOf(ManagerException.class);
  }

  @Test
  void joint_notProxied_cannotTravel() throws Exception {
    Account account = manager.create(Account.class, SavingsAccount::new);
    assertThatThrownBy(account::joint)
        .isInstanceOf(ManagerException.class)
        .hasMessageContaining("SavingsAccount");
  }

  // proxies that travel

  @Test
  void proxies_insideOfServedObjects_staySharedObjects() {
    ServedMap<String, List<Integer>> map = manager.map();
    ServedList<Integer> list = manager.list();
    map.put("list", list);
    list.add(1);
    map.get("list").add(2);
    assertThat(list).containsExactly(1, 2);
    assertThat(map.get("list")).isInstanceOf(ServedList.class);
    ServedList<Object> nested = manager.list();
    nested.add(map);
    nested.add(nested);
    assertThat(((Map<?, ?>) nested.get(0)).get("list")).isEqualTo(List.of(1, 2));
  }

  @Test
  void proxies_travelByAnyRoad() throws Exception {
    ServedMap<String, Integer> map = manager.map();
    Account account = manager.create(Account.class, SavingsAccount::new);
    try (var queue = ProcessQueue.<Object>open();
        var pipe = Pipe.open()) {
      var end = pipe.second();
      try (var child =
          ChildProcess.start(
              () -> {
                @SuppressWarnings("unchecked")
                var taken = (Map<String, Integer>) queue.take();
                taken.put("by queue", 1);
                end.receive(Account.class).deposit(5);
              })) {
        queue.put(map);
        pipe.first().send(account);
        child.join();
        assertThat(child.failure()).isEmpty();
      }
    }
    assertThat(map.get("by queue")).isEqualTo(1);
    assertThat(account.balance()).isEqualTo(5);
  }

  record Pair(Map<String, Integer> map, String name) implements Serializable {}

  @Test
  void serve_overTcp_isUsedByWhoHasTheKey() throws Exception {
    try (Manager served = Manager.serve(LOOPBACK, o -> o.withKey(KEY))) {
      ServedMap<String, Integer> map = served.map();
      served.bind("counts", map);
      map.put("here", 1);
      SocketAddress address = served.address();
      assertThatThrownBy(() -> Manager.connect(address, o -> o.withKey(new byte[1])))
          .isInstanceOf(AuthenticationException.class);
      assertThatThrownBy(() -> served.bind("counts", map)).isInstanceOf(ManagerException.class);
      String port = String.valueOf(((InetSocketAddress) address).getPort());
      try (var child =
          ChildProcess.call(
              () -> {
                SocketAddress there =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
                try (Manager other = Manager.connect(there, o -> o.withKey(KEY))) {
                  Map<?, ?> counts = other.lookup("counts", Map.class);
                  @SuppressWarnings("unchecked")
                  Map<String, Integer> its = (Map<String, Integer>) counts;
                  its.put("there", 2);
                  ServedList<Object> pairs = other.list();
                  pairs.add(new Pair(its, "pair"));
                  return ((Pair) pairs.get(0)).map().size();
                }
              })) {
        assertThat(child.result().get(20, SECONDS)).isEqualTo(2);
      }
      assertThat(map).isEqualTo(Map.of("here", 1, "there", 2));
      assertThat(served.unbind("counts")).isTrue();
      assertThatThrownBy(() -> served.lookup("counts", Map.class))
          .isInstanceOf(ManagerException.class);
    }
  }

  @Test
  void serve_again_onTheSamePort_isAnotherManager() throws Exception {
    Manager first = Manager.serve(LOOPBACK, o -> o.withKey(KEY));
    SocketAddress address = first.address();
    try (Manager client = Manager.connect(address, o -> o.withKey(KEY))) {
      Map<String, Integer> lost = client.map();
      first.close();
      try (Manager second = Manager.serve(address, o -> o.withKey(KEY))) {
        second.bind("value", 2);
        assertThatThrownBy(lost::size).isInstanceOf(ManagerClosedException.class);
        try (Manager other = Manager.connect(address, o -> o.withKey(KEY))) {
          assertThat(other.lookup("value", Integer.class)).isEqualTo(2);
        }
      }
    } finally {
      first.close();
    }
  }

  @Test
  void serve_overTls_isUsedByWhoIsTrusted(@TempDir Path folder) throws Exception {
    var stores = new TlsStores(folder);
    SSLContext server = stores.context("server", "client");
    stores.context("client", "server");
    try (Manager served =
        Manager.serve(LOOPBACK, o -> o.withKey(KEY).withTls(server).withClientCertificate(true))) {
      int port = ((InetSocketAddress) served.address()).getPort();
      assertUsable(
          served,
          () ->
              use(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                  o -> o.withTls(new TlsStores(folder).context("client", "server"))));
      assertThatThrownBy(
              () ->
                  Manager.connect(
                      served.address(),
                      o -> o.withKey(KEY).withHandshakeTimeout(Duration.ofMillis(300))))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void serve_inSharedMemoryOrAtAPath_isUsedAlike(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("shared");
    try (Manager served = Manager.serve(SharedMemoryAddress.of(file), o -> o.withKey(KEY))) {
      assertUsable(served, () -> use(SharedMemoryAddress.of(file), o -> o));
    }
    Path socket = folder.resolve("socket");
    try (Manager served = Manager.serve(UnixDomainSocketAddress.of(socket), o -> o.withKey(KEY))) {
      assertUsable(served, () -> use(UnixDomainSocketAddress.of(socket), o -> o));
    }
  }

  private interface Chosen {
    ConnectionOptions of(ConnectionOptions options) throws Exception;
  }

  private static int use(SocketAddress address, Chosen options) throws Exception {
    try (Manager other = Manager.connect(address, o -> chosen(options, o.withKey(KEY)))) {
      @SuppressWarnings("unchecked")
      Map<String, byte[]> map = other.lookup("map", Map.class);
      map.put("large", new byte[3_000_000]);
      ServedQueue<Integer> queue = other.queue();
      CompletableFuture<Integer> taken = Aside.run(() -> queue.take());
      queue.put(map.get("large").length);
      return taken.get(20, SECONDS);
    }
  }

  private static ConnectionOptions chosen(Chosen chosen, ConnectionOptions options) {
    try {
      return chosen.of(options);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertUsable(Manager served, SerializableCallable<Integer> use)
      throws Exception {
    ServedMap<String, byte[]> map = served.map();
    served.bind("map", map);
    try (var child = ChildProcess.call(use)) {
      assertThat(child.result().get(30, SECONDS)).isEqualTo(3_000_000);
    }
    assertThat(map.get("large")).hasSize(3_000_000);
  }

  @Test
  void connect_toWhatIsNoManager_isRefused() throws Exception {
    try (var listener = Listener.open(LOOPBACK)) {
      CompletableFuture<Connection> accepted =
          Aside.run(
              () -> {
                Connection connection = listener.accept();
                connection.sendBytes(new byte[] {1, 0, 0, 0, 99, 'x'});
                return connection;
              });
      assertThatThrownBy(() -> Manager.connect(listener.address(), o -> o))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("version");
      accepted.get(10, SECONDS).close();
    }
  }

  // lifetime

  @Test
  void objects_thatNobodyHolds_go() throws Exception {
    try (Manager own = Manager.start()) {
      ServedMap<String, Object> map = own.map();
      map.put("list", own.list());
      assertThat(own.stats().objects()).hasSize(2);
      map.put("list", "gone");
      awaitObjects(own, 1);
      ServedList<Integer> given = own.list();
      try (var child = ChildProcess.start(holder(given, map))) {
        while (map.get("held") == null) {
          Thread.onSpinWait();
        }
        assertThat(own.stats().clients()).hasSize(2);
        given = null;
        System.gc();
        awaitObjects(own, 2);
        child.kill();
        awaitObjects(own, 1);
      }
      assertThat(own.stats().clients()).hasSize(1);
      map.put("still", 1);
    }
  }

  private static SerializableRunnable holder(
      ServedList<Integer> list, ServedMap<String, Object> map) {
    return () -> holdForEver(list, map);
  }

  private static void holdForEver(ServedList<Integer> list, ServedMap<String, Object> map)
      throws InterruptedException {
    map.put("held", true);
    while (true) {
      Thread.sleep(10);
      list.add(1);
    }
  }

  private static void awaitObjects(Manager manager, int count) throws InterruptedException {
    long start = System.nanoTime();
    while (manager.stats().objects().size() != count) {
      if (System.nanoTime() - start > SECONDS.toNanos(20)) {
        throw new AssertionError("held: " + manager.stats());
      }
      System.gc();
      Thread.sleep(10);
    }
  }

  @Test
  void close_endsWaitingCallsAndRefusesOthers() throws Exception {
    Manager own = Manager.start();
    ServedQueue<Integer> queue = own.queue();
    CompletableFuture<Integer> waiting = Aside.run(() -> queue.take());
    while (own.stats().clients().getFirst().calls() < 2) {
      Thread.onSpinWait();
    }
    own.close();
    own.close();
    assertThatThrownBy(() -> waiting.get(5, SECONDS))
        .hasCauseInstanceOf(ManagerClosedException.class);
    assertThatThrownBy(queue::size).isInstanceOf(ManagerClosedException.class);
    assertThatThrownBy(own::map).isInstanceOf(ManagerClosedException.class);
    assertThat(own.join(Duration.ofSeconds(5))).isTrue();
  }

  /** Does something when the main thread has ended, which it does when the process may end. */
  private static void afterMain(SerializableRunnable action) {
    Thread main = Thread.currentThread();
    Thread last =
        new Thread(
            () -> {
              try {
                main.join();
                action.perform();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    last.start();
  }

  @Test
  void close_letsTheProcessEndByItselfAndThenMakesIt(@TempDir Path folder) throws Exception {
    String soon = folder.resolve("soon").toString();
    Manager.start(o -> o, () -> afterMain(() -> Files.createFile(Path.of(soon)))).close();
    assertThat(Path.of(soon)).exists();

    Manager stuck = Manager.start(o -> o, () -> afterMain(() -> Thread.sleep(100_000)));
    long pid = stuck.stats().pid();
    long start = System.nanoTime();
    stuck.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(8));
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void boundedSemaphore_takesBackFromWhoHasAcquired() throws Exception {
    ServedSemaphore semaphore = manager.boundedSemaphore(2);
    assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
    semaphore.acquire();
    assertThatThrownBy(() -> semaphore.release(2)).isInstanceOf(IllegalStateException.class);
    try (var child = ChildProcess.call(() -> semaphore.tryAcquire() && !semaphore.tryAcquire())) {
      assertThat(child.result().get(20, SECONDS)).isTrue();
    }
    semaphore.release();
    assertThat(semaphore.tryAcquire(2, Duration.ofSeconds(20)))
        .as("what the child had came back at its end")
        .isTrue();
    semaphore.release(2);
    assertThat(semaphore.availablePermits()).isEqualTo(2);
    assertThatThrownBy(() -> manager.boundedSemaphore(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void stats_nameWhatUsersKnow() throws Exception {
    try (Manager own = Manager.start()) {
      List<Object> held = List.of(own.map(), own.queue(), own.lock(), own.semaphore(1));
      assertThat(own.stats().objects())
          .extracting(ManagerStats.ServedObject::type)
          .containsExactlyInAnyOrder(
              ServedMap.class.getName(),
              ServedQueue.class.getName(),
              Lock.class.getName(),
              ServedSemaphore.class.getName());
      assertThat(held).hasSize(4);
    }
  }

  private static int prepared;

  interface Preparation {
    int value();
  }

  @Test
  void start_withAnInitializer_runsItThereFirst() throws Exception {
    try (Manager own = Manager.start(o -> o, () -> prepared = 7)) {
      Preparation preparation = own.create(Preparation.class, () -> () -> prepared);
      assertThat(preparation.value()).isEqualTo(7);
      assertThat(prepared).isZero();
    }
    assertThatThrownBy(
            () ->
                Manager.start(
                    o -> o.withOutput(dev.procession.Output.DISCARDED),
                    () -> {
                      throw new IllegalStateException("not today");
                    }))
        .isInstanceOf(ProcessStartException.class)
        .hasMessageContaining("not today");
  }

  // several at once

  @Test
  void async_andBatch_makeCallsTogether() throws Exception {
    ServedMap<String, Integer> map = manager.map();
    ServedList<Integer> list = manager.list();
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int value = i;
      futures.add(Manager.async(map, m -> m.put("key", value)));
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(futures.get(i).get(10, SECONDS)).isEqualTo(i == 0 ? null : i - 1);
    }
    List<Object> results =
        Manager.batch(
            () -> {
              list.add(1);
              list.add(2);
              map.get("key");
              boolean _ = list.isEmpty();
            });
    assertThat(results).containsExactly(true, true, 999, false);
    assertThatThrownBy(
            () ->
                Manager.batch(
                    () -> {
                      list.add(3);
                      list.get(99);
                      list.add(4);
                    }))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(list).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> Manager.async(map, m -> "no call"))
        .isInstanceOf(ManagerException.class);
  }
}
