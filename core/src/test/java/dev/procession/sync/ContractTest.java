package dev.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.function.SerializableCallable;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedWords;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What everything promises, between every sort of two, with a futex and without. */
@Timeout(60)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class ContractTest {
  private static final int ROUNDS = 200;

  /** Who shares it. */
  enum Pair {
    THREADS,
    PARENT_AND_CHILD,
    SIBLINGS,
    GRANDCHILD,
    UNRELATED
  }

  static Stream<Arguments> all() {
    return Arrays.stream(Pair.values())
        .flatMap(pair -> Stream.of("linux", "portable").map(os -> Arguments.of(pair, os)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("all")
  void everything_betweenTwo_doesWhatItPromises(Pair pair, String os) throws Exception {
    try (var child =
        ChildProcess.start(
            options ->
                options
                    .withSystemProperty("dev.procession.os", os)
                    .withJvmOptions("--enable-native-access=ALL-UNNAMED"),
            () -> check(pair))) {
      child.join();
      assertThat(child.failure()).isEmpty();
    }
  }

  /** Runs what it is given somewhere. */
  private interface Side {
    <T> Future<T> start(SerializableCallable<T> code);
  }

  private static void check(Pair pair) throws Exception {
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try {
      Side one = pair == Pair.SIBLINGS ? worker(open) : here(open);
      Side other =
          switch (pair) {
            case THREADS -> one;
            case PARENT_AND_CHILD, SIBLINGS -> worker(open);
            case GRANDCHILD -> grandchild(open);
            case UNRELATED -> program(open);
          };
      locksExclude(one, other);
      conditionsHandOver(one, other);
      semaphoreCounts(one, other);
      eventReachesBoth(one, other);
      barrierLetsBothGo(one, other);
    } finally {
      while (!open.isEmpty()) {
        open.pop().close();
      }
    }
  }

  // sides

  private static Side here(Deque<AutoCloseable> open) {
    ExecutorService threads = Executors.newCachedThreadPool();
    open.push(threads);
    return new Side() {
      @Override
      public <T> Future<T> start(SerializableCallable<T> code) {
        return threads.submit(code);
      }
    };
  }

  private static Side worker(Deque<AutoCloseable> open) {
    Pool pool = Pool.processes(1);
    open.push(pool);
    return new Side() {
      @Override
      public <T> Future<T> start(SerializableCallable<T> code) {
        return pool.submit(code);
      }
    };
  }

  private static Side grandchild(Deque<AutoCloseable> open) {
    Pool pool = Pool.processes(1);
    open.push(pool);
    return new Side() {
      @Override
      public <T> Future<T> start(SerializableCallable<T> code) {
        return pool.submit(
            () -> {
              try (var child = ChildProcess.call(code)) {
                return child.result().join();
              }
            });
      }
    };
  }

  /** A program that is none of our workers. */
  private static Side program(Deque<AutoCloseable> open) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Ddev.procession.os=" + System.getProperty("dev.procession.os"),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    open.push(() -> process.destroyForcibly().waitFor());
    var out = new ObjectOutputStream(process.getOutputStream());
    out.flush();
    var in = new ObjectInputStream(process.getInputStream());
    return new Side() {
      @Override
      public <T> Future<T> start(SerializableCallable<T> code) {
        return CompletableFuture.supplyAsync(() -> ask(code), Thread::startVirtualThread);
      }

      @SuppressWarnings("unchecked") // it answers with what the code returns
      private <T> T ask(SerializableCallable<T> code) {
        try {
          out.writeObject(code);
          out.flush();
          return (T) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  /** Runs what arrives, and answers. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      var out = new ObjectOutputStream(System.out);
      out.flush();
      var in = new ObjectInputStream(System.in);
      while (true) {
        out.writeObject(((SerializableCallable<?>) in.readObject()).call());
        out.flush();
      }
    }
  }

  // contracts

  private static void locksExclude(Side one, Side other) throws Exception {
    Path file = Files.createTempFile("contract", "");
    Files.write(file, new byte[64]);
    String name = file.toString();
    try (var lock = ProcessLock.open();
        var reentrant = ProcessReentrantLock.open()) {
      SerializableCallable<Boolean> count =
          () -> {
            try (Arena arena = Arena.ofShared()) {
              var words = new SharedWords(Segment.map(Path.of(name), arena));
              for (int i = 0; i < ROUNDS; i++) {
                lock.lock();
                words.setInt(0, words.getInt(0) + 1);
                lock.unlock();
                while (!reentrant.tryLock(1, SECONDS)) {
                  Thread.onSpinWait();
                }
                reentrant.lock();
                words.setInt(4, words.getInt(4) + 1);
                reentrant.unlock();
                reentrant.unlock();
              }
              return true;
            }
          };
      both(one.start(count), other.start(count));
      try (Arena arena = Arena.ofShared()) {
        var words = new SharedWords(Segment.map(file, arena));
        assertThat(List.of(words.getInt(0), words.getInt(4)))
            .containsExactly(2 * ROUNDS, 2 * ROUNDS);
      }
      assertThat(lock.isLocked() || reentrant.isLocked()).isFalse();
    } finally {
      Files.delete(file);
    }
  }

  private static void both(Future<Boolean> one, Future<Boolean> other) throws Exception {
    assertThat(one.get(30, SECONDS)).isTrue();
    assertThat(other.get(30, SECONDS)).isTrue();
  }

  /** Each waits for its turn, which the other gives it; nobody's turn is lost. */
  private static void conditionsHandOver(Side one, Side other) throws Exception {
    try (var lock = ProcessReentrantLock.open();
        var ones = lock.newCondition();
        var others = lock.newCondition();
        var turn = ProcessSemaphore.open(0)) {
      Future<Boolean> even = one.start(() -> turns(lock, turn, ones, others, 0));
      both(even, other.start(() -> turns(lock, turn, others, ones, 1)));
    }
  }

  private static boolean turns(
      ProcessReentrantLock lock,
      ProcessSemaphore turn,
      ProcessCondition mine,
      ProcessCondition others,
      int parity)
      throws InterruptedException {
    for (int i = 0; i < ROUNDS / 4; i++) {
      lock.lock();
      try {
        while (turn.availablePermits() % 2 != parity) {
          mine.await();
        }
        turn.release();
        others.signal();
      } finally {
        lock.unlock();
      }
    }
    return true;
  }

  private static void semaphoreCounts(Side one, Side other) throws Exception {
    try (var there = ProcessSemaphore.open(0);
        var bounded = ProcessSemaphore.openBounded(2)) {
      Future<Boolean> takes =
          one.start(
              () -> {
                for (int i = 0; i < ROUNDS; i++) {
                  there.acquire(2);
                  bounded.acquire();
                  bounded.release();
                }
                return true;
              });
      Future<Boolean> gives =
          other.start(
              () -> {
                for (int i = 0; i < 2 * ROUNDS; i++) {
                  there.release();
                  bounded.acquire();
                  bounded.release();
                }
                return true;
              });
      both(takes, gives);
      assertThat(there.availablePermits()).isZero();
      assertThat(bounded.availablePermits()).isEqualTo(2);
      assertThat(there.tryAcquire(10, MILLISECONDS)).isFalse();
    }
  }

  private static void eventReachesBoth(Side one, Side other) throws Exception {
    try (var ping = ProcessEvent.open();
        var pong = ProcessEvent.open()) {
      Future<Boolean> asks = one.start(() -> bounce(ping, pong, true));
      both(asks, other.start(() -> bounce(pong, ping, false)));
    }
  }

  private static boolean bounce(ProcessEvent mine, ProcessEvent others, boolean begins)
      throws InterruptedException {
    for (int i = 0; i < ROUNDS / 4; i++) {
      if (begins) {
        others.set();
      }
      mine.await();
      mine.clear();
      if (!begins) {
        others.set();
      }
    }
    return true;
  }

  private static void barrierLetsBothGo(Side one, Side other) throws Exception {
    try (var barrier = ProcessBarrier.open(2);
        var actions = ProcessSemaphore.open(0);
        var counting = ProcessBarrier.open(2, () -> actions.release())) {
      Future<Integer> first = one.start(() -> sum(barrier, counting));
      Future<Integer> second = other.start(() -> sum(barrier, counting));
      assertThat(first.get(30, SECONDS) + second.get(30, SECONDS)).isEqualTo(2 * (ROUNDS / 4));
      assertThat(actions.availablePermits()).isEqualTo(ROUNDS / 4);
    }
  }

  private static int sum(ProcessBarrier barrier, ProcessBarrier counting)
      throws InterruptedException, BrokenBarrierException {
    int sum = 0;
    for (int i = 0; i < ROUNDS / 4; i++) {
      sum += barrier.await() + counting.await();
    }
    return sum;
  }
}
