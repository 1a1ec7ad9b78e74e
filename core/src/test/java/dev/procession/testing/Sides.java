package dev.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableRunnable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Two who share something, of each sort. */
public final class Sides implements AutoCloseable {
  /** Who shares it. */
  public enum Pair {
    THREADS,
    PARENT_AND_CHILD,
    SIBLINGS,
    GRANDCHILD,
    UNRELATED
  }

  /** Runs what it is given somewhere. */
  public interface Side {
    /** Begins to. */
    <T> Future<T> start(SerializableCallable<T> code);
  }

  private final Closeables open = new Closeables();
  private final Side one;
  private final Side other;

  private Sides(Pair pair) throws IOException {
    this.one = pair == Pair.SIBLINGS ? worker() : here();
    this.other =
        switch (pair) {
          case THREADS -> one;
          case PARENT_AND_CHILD, SIBLINGS -> worker();
          case GRANDCHILD -> grandchild();
          case UNRELATED -> program();
        };
  }

  /** All pairs, with the name of each system. */
  public static Stream<Arguments> all() {
    return Arrays.stream(Pair.values())
        .flatMap(pair -> Stream.of("linux", "portable").map(os -> Arguments.of(pair, os)));
  }

  /** Runs something in a process that takes the system for another. */
  public static void runOn(String os, SerializableRunnable code) throws InterruptedException {
    try (var child =
        ChildProcess.start(
            options ->
                options
                    .withSystemProperty("dev.procession.os", os)
                    .withJvmOptions("--enable-native-access=ALL-UNNAMED"),
            code)) {
      child.join();
      assertThat(child.failure()).isEmpty();
    }
  }

  /** Starts them. */
  public static Sides open(Pair pair) throws IOException {
    return new Sides(pair);
  }

  /** In this process, unless they are siblings. */
  public Side one() {
    return one;
  }

  /** In another, unless they are threads. */
  public Side other() {
    return other;
  }

  @Override
  public void close() throws Exception {
    open.close();
  }

  private Side here() {
    ExecutorService threads = Executors.newCachedThreadPool();
    open.push(threads);
    return new Side() {
      @Override
      public <T> Future<T> start(SerializableCallable<T> code) {
        return threads.submit(code);
      }
    };
  }

  private Side worker() {
    Pool pool = Pool.processes(1);
    open.push(pool);
    return new Side() {
      @Override
      public <T> Future<T> start(SerializableCallable<T> code) {
        return pool.submit(code);
      }
    };
  }

  private Side grandchild() {
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
  private Side program() throws IOException {
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
}
