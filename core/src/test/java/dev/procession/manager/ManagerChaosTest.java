package dev.procession.manager;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procession.ChildProcess;
import dev.procession.function.SerializableRunnable;
import dev.procession.sync.ProcessEvent;
import dev.procession.testing.Aside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Managers and their clients that are killed, stopped, and far away. */
@Timeout(120)
class ManagerChaosTest {
  private static final int TWO_INSIDE = 42;
  private static final byte[] KEY = {1, 1, 2, 3, 5};

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  private static ChildProcess<?> processOf(Manager manager) {
    long pid = manager.stats().pid();
    return ChildProcess.active().stream().filter(p -> p.pid() == pid).findFirst().orElseThrow();
  }

  @Test
  void server_killedUnderLoad_endsAllCallsAtOnce() throws Exception {
    for (int round = 0; round < 5; round++) {
      try (ExecutorService threads = Executors.newCachedThreadPool();
          Manager manager = Manager.start()) {
        ServedMap<Integer, Integer> map = manager.map();
        ServedQueue<Integer> queue = manager.queue();
        Lock lock = manager.lock();
        lock.lock();
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          int key = i;
          calls.add(
              threads.submit(
                  () -> {
                    while (true) {
                      map.merge(key, 1, Integer::sum);
                    }
                  }));
          calls.add(threads.submit(() -> queue.take()));
        }
        calls.add(threads.submit(() -> lock.lock()));
        calls.add(Manager.async(queue, q -> unchecked(q)));
        ChildProcess<?> process = processOf(manager);
        Thread.sleep(random.nextInt(200));
        process.kill();
        long start = System.nanoTime();
        for (Future<?> call : calls) {
          assertThatThrownBy(() -> call.get(10, SECONDS))
              .hasCauseInstanceOf(ManagerClosedException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThatThrownBy(manager::map).isInstanceOf(ManagerClosedException.class);
      }
    }
  }

  private static Integer unchecked(ServedQueue<Integer> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Uses everything, for ever. */
  private static SerializableRunnable user(
      Lock lock,
      ServedSemaphore semaphore,
      ServedQueue<Integer> full,
      ServedQueue<Integer> empty,
      ServedValue<Integer> inside) {
    return () -> {
      int me = (int) ProcessHandle.current().pid();
      while (true) {
        lock.lock();
        try {
          inside.set(me);
          semaphore.acquire();
          try {
            empty.put(full.take());
            full.put(empty.take());
          } finally {
            semaphore.release();
          }
          if (inside.get() != me) {
            System.exit(TWO_INSIDE);
          }
        } finally {
          lock.unlock();
        }
      }
    };
  }

  @Test
  void clients_killedUnderLoad_leaveNothingHeld() throws Exception {
    try (Manager manager = Manager.start()) {
      Lock lock = manager.reentrantLock();
      ServedSemaphore semaphore = manager.semaphore(2);
      ServedQueue<Integer> full = manager.queue();
      ServedQueue<Integer> empty = manager.queue();
      ServedValue<Integer> inside = manager.value(0);
      for (int i = 0; i < 1000; i++) {
        full.add(i);
      }
      int killed = 0;
      for (int round = 0; round < 8; round++) {
        var users =
            List.of(
                ChildProcess.start(user(lock, semaphore, full, empty, inside)),
                ChildProcess.start(user(lock, semaphore, full, empty, inside)));
        Thread.sleep(random.nextInt(300));
        for (var user : users) {
          if (random.nextInt(4) == 0) {
            user.terminate();
          } else {
            user.kill();
          }
          killed++;
        }
        for (var user : users) {
          user.join();
          assertThat(user.exitStatus().orElseThrow().bySignal()).isTrue(); // and not of itself
        }
        assertThat(lock.tryLock(5, SECONDS)).isTrue();
        lock.unlock();
        assertThat(semaphore.tryAcquire(2, Duration.ofSeconds(5))).isTrue();
        assertThat(semaphore.tryAcquire()).isFalse();
        semaphore.release(2);
      }
      // one that was killed between taking and putting has taken one with it
      assertThat(full.size() + empty.size()).isBetween(1000 - killed, 1000);
      awaitOnly(manager, 1, 5);
    }
  }

  private static void awaitOnly(Manager manager, int clients, int objects) throws Exception {
    await(
        () -> {
          System.gc();
          ManagerStats stats = manager.stats();
          return stats.clients().size() <= clients && stats.objects().size() <= objects;
        },
        manager::stats);
  }

  private static void await(Callable<Boolean> condition, Callable<?> state) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > SECONDS.toNanos(20)) {
        throw new AssertionError("still so: " + state.call());
      }
      Thread.sleep(20);
    }
  }

  @Test
  void leases_ofObjectsThatComeAndGo_doNotGrow() throws Exception {
    try (Manager manager = Manager.start(o -> o.withMaxHeap("64m"))) {
      ServedMap<Integer, Object> map = manager.map();
      for (int i = 0; i < 30_000; i++) {
        ServedList<Object> list = manager.list();
        list.add(new byte[1000]); // 30 MB a round of what may not stay
        map.put(i % 10, list);
        if (i % 1000 == 0) {
          System.gc();
        }
      }
      map.clear();
      awaitOnly(manager, 1, 1);
    }
  }

  /** How a client ends, while it holds objects and a call of it waits. */
  private enum Leaving {
    CLOSES,
    RETURNS,
    THROWS,
    HALTS,
    IS_KILLED
  }

  /** Uses a manager of its own making of the address, and leaves. */
  private static SerializableRunnable guest(
      SocketAddress address,
      ServedMap<Long, Object> map,
      ServedQueue<Integer> never,
      Leaving leaving) {
    return () -> {
      Manager manager = Manager.connect(address, o -> o);
      for (int i = 0; i < 20; i++) {
        ServedList<Object> list = manager.list();
        list.add(new byte[10_000]);
        map.put(ProcessHandle.current().pid(), list); // on its way, and then held there
      }
      manager.lock().lock();
      var _ = Manager.async(never, q -> unchecked(q));
      map.remove(ProcessHandle.current().pid());
      switch (leaving) {
        case CLOSES -> manager.close();
        case RETURNS -> {}
        case THROWS -> throw new IllegalStateException("leaves");
        case HALTS -> Runtime.getRuntime().halt(0);
        case IS_KILLED -> {
          map.put(-ProcessHandle.current().pid(), true);
          Thread.sleep(Duration.ofHours(1));
        }
      }
    };
  }

  private static void comeAndGo(Manager manager, int times) throws Exception {
    ServedMap<Long, Object> map = manager.map();
    ServedQueue<Integer> never = manager.queue();
    for (int i = 0; i < times; i++) {
      List<ChildProcess<?>> guests = new ArrayList<>();
      for (Leaving leaving : Leaving.values()) {
        guests.add(ChildProcess.start(guest(manager.address(), map, never, leaving)));
      }
      ChildProcess<?> killed = guests.getLast();
      while (!map.containsKey(-killed.pid())) {
        Thread.sleep(Duration.ofMillis(5));
      }
      killed.kill();
      for (ChildProcess<?> guest : guests) {
        guest.join();
      }
    }
  }

  private static long openIn(long pid) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      return files.count();
    }
  }

  /** How much of shared memory it has mapped. */
  private static long mappedIn(long pid) throws IOException {
    try (Stream<String> mapped = Files.lines(Path.of("/proc", String.valueOf(pid), "maps"))) {
      return mapped.filter(line -> line.contains("procession-")).count();
    }
  }

  @Test
  void clients_thatComeAndGo_leaveNothingBehind() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "open files are counted by /proc");
    try (Manager manager = Manager.start()) {
      Runnable collector = manager.create(Runnable.class, () -> System::gc);
      comeAndGo(manager, 1); // what is made once
      awaitOnly(manager, 1, 1);
      long pid = manager.stats().pid();
      collector.run();
      long open = openIn(pid);
      long mapped = mappedIn(pid);
      int rounds = 4;
      comeAndGo(manager, rounds);
      awaitOnly(manager, 1, 1);
      await(() -> openIn(pid) <= open, () -> openIn(pid));
      await(
          () -> {
            collector.run(); // which unmaps, but perhaps not what a thread had last
            return mappedIn(pid) < mapped + rounds;
          },
          () -> mappedIn(pid));
    }
  }

  @Test
  void client_thatIsStopped_delaysNoOther() throws Exception {
    try (Manager manager = Manager.start()) {
      ServedMap<String, byte[]> map = manager.map();
      ServedEvent about = manager.event();
      map.put("large", new byte[1_000_000]);
      try (var stopped =
          ChildProcess.start(
              () -> {
                about.set();
                while (true) {
                  map.get("large");
                }
              })) {
        about.await();
        signal("-STOP", stopped.pid());
        CompletableFuture<Integer> sizes =
            CompletableFuture.supplyAsync(
                () -> {
                  int size = 0;
                  for (int i = 0; i < 1000; i++) {
                    map.put("key", new byte[1]);
                    size = map.size();
                  }
                  return size;
                });
        assertThat(sizes.get(20, SECONDS)).isEqualTo(2);
        signal("-CONT", stopped.pid());
        stopped.kill();
      }
    }
  }

  @Test
  void join_managerIsStoppedThenKilled_isOverInTime(@TempDir Path folder) throws Exception {
    String socket = folder.resolve("socket").toString();
    try (ProcessEvent about = ProcessEvent.open();
        ChildProcess<?> server =
            ChildProcess.start(
                () -> {
                  Manager _ =
                      Manager.serve(UnixDomainSocketAddress.of(socket), o -> o.withKey(KEY));
                  about.set();
                  Thread.sleep(Duration.ofHours(1));
                })) {
      about.await();
      try (Manager manager =
          Manager.connect(UnixDomainSocketAddress.of(socket), o -> o.withKey(KEY))) {
        signal("-STOP", server.pid());
        long start = System.nanoTime();
        assertThat(manager.join(Duration.ofMillis(200))).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        server.kill();
        assertThat(manager.join(Duration.ofSeconds(10))).isTrue();
      }
    }
  }

  @Test
  void close_managerIsStoppedWhileSomebodySendsIt_isOverInTimeAndSoIsTheCall() throws Exception {
    Manager manager = Manager.start();
    ServedList<byte[]> list = manager.list();
    signal("-STOP", manager.stats().pid());
    byte[] much = new byte[60_000];
    CompletableFuture<Integer> sending =
        Aside.run(
            () -> {
              while (true) {
                var _ = Manager.async(list, l -> l.add(much)); // until there is no room
              }
            });
    Thread.sleep(Duration.ofMillis(300));
    long start = System.nanoTime();
    manager.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThatThrownBy(() -> sending.get(10, SECONDS))
        .hasCauseInstanceOf(ManagerClosedException.class);
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor()).isZero();
  }

  // elsewhere

  /** A program of another machine, as far as the network goes. */
  static final class Client {
    private Client() {}

    public static void main(String[] arguments) throws Exception {
      SocketAddress address = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
      try (Manager manager = Manager.connect(address, o -> o.withKey(KEY))) {
        @SuppressWarnings("unchecked")
        ServedMap<String, Integer> map = manager.lookup("map", ServedMap.class);
        @SuppressWarnings("unchecked")
        ServedQueue<Integer> queue = manager.lookup("queue", ServedQueue.class);
        for (int i = 0; i < 100; i++) {
          map.merge("sum", queue.take(), Integer::sum);
        }
      }
    }
  }

  private static Process client(List<String> before, String host, int port) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Client.class.getName(),
            host,
            String.valueOf(port)));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static void serveTwo(InetAddress address, List<List<String>> clients) throws Exception {
    try (Manager manager = Manager.serve(new InetSocketAddress(address, 0), o -> o.withKey(KEY))) {
      ServedMap<String, Integer> map = manager.map();
      ServedQueue<Integer> queue = manager.queue();
      manager.bind("map", map);
      manager.bind("queue", queue);
      int port = ((InetSocketAddress) manager.address()).getPort();
      List<Process> processes = new ArrayList<>();
      for (List<String> before : clients) {
        processes.add(client(before, address.getHostAddress(), port));
      }
      for (int i = 1; i <= 200; i++) {
        queue.put(i);
      }
      for (Process process : processes) {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
      assertThat(map.get("sum")).isEqualTo(200 * 201 / 2);
    }
  }

  @Test
  void clients_ofOtherPrograms_shareByLoopback() throws Exception {
    serveTwo(InetAddress.getLoopbackAddress(), List.of(List.of(), List.of()));
  }

  private static boolean ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  /** Network namespaces, each with a link to this one. */
  private static final class Networks implements AutoCloseable {
    private final String name = "pr" + ProcessHandle.current().pid();
    private final int count;

    Networks(int count) throws IOException, InterruptedException {
      this.count = count;
      boolean made = true;
      for (int i = 1; i <= count && made; i++) {
        String mine = "v" + i + name;
        made =
            ip("netns", "add", space(i))
                && ip(
                    "link", "add", mine, "type", "veth", "peer", "name", "eth0", "netns", space(i))
                && ip("addr", "add", "198.18." + i + ".1/24", "dev", mine)
                && ip("link", "set", mine, "up")
                && ip("-n", space(i), "addr", "add", "198.18." + i + ".2/24", "dev", "eth0")
                && ip("-n", space(i), "link", "set", "eth0", "up")
                && ip("-n", space(i), "route", "add", "default", "via", "198.18." + i + ".1");
      }
      if (!made) {
        close();
      }
      assumeTrue(made, "this user may make no network namespaces");
    }

    String space(int number) {
      return name + number;
    }

    List<String> inside(int number) {
      return List.of("ip", "netns", "exec", space(number));
    }

    @Override
    public void close() throws IOException, InterruptedException {
      for (int i = 1; i <= count; i++) {
        boolean _ = ip("netns", "del", space(i)); // its link goes with it
      }
    }
  }

  @Test
  void clients_inOtherNetworks_shareByTcp() throws Exception {
    try (Networks networks = new Networks(2)) {
      serveTwo(
          InetAddress.getByName("198.18.1.1"), List.of(networks.inside(1), networks.inside(2)));
    }
  }

  @Test
  void client_whoseNetworkIsGone_holdsNothingSoon() throws Exception {
    try (Networks networks = new Networks(1);
        Manager manager =
            Manager.serve(
                new InetSocketAddress(InetAddress.getByName("198.18.1.1"), 0),
                o -> o.withKey(KEY))) {
      manager.bind("map", manager.map());
      manager.bind("queue", manager.queue());
      int port = ((InetSocketAddress) manager.address()).getPort();
      Process client = client(networks.inside(1), "198.18.1.1", port);
      while (manager.stats().clients().isEmpty()
          || manager.stats().clients().getFirst().calls() == 0) {
        Thread.onSpinWait();
      }
      assertThat(ip("-n", networks.space(1), "link", "set", "eth0", "down")).isTrue();
      long start = System.nanoTime();
      while (!manager.stats().clients().isEmpty()) {
        Thread.sleep(100);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      }
      client.destroyForcibly().waitFor();
    }
  }
}
