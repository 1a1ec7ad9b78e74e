package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a program's processes when it gets a signal. */
class EndOfParentTest {
  private static final String SOURCE =
      """
      package app;

      import dev.procession.ChildProcess;
      import dev.procession.Pool;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.util.List;
      import java.util.concurrent.CompletableFuture;
      import sun.misc.Signal;

      public final class Main {
        static volatile int sink;

        public static void main(String[] arguments) throws Exception {
          switch (arguments[0]) {
            case "busy" -> busy();
            case "work" -> work(arguments[1]);
            case "handle" -> {
              Signal.handle(new Signal("INT"), signal -> System.out.println("interrupted"));
              work(arguments[1]);
            }
          }
        }

        static void busy() throws Exception {
          ChildProcess.start(Main::endless);
          ChildProcess.start(
              () -> {
                ChildProcess.start(Main::counted);
                endless();
              });
          try (Pool pool = Pool.processes(1)) {
            pool.submit(Main::counted).get();
          }
        }

        static void endless() {
          while (true) {
            sink++;
          }
        }

        /** Its inner loop has no safepoint, unless the JVM is told so. */
        static void counted() {
          int sum = 0;
          while (true) {
            for (int i = 0; i < Integer.MAX_VALUE; i++) {
              sum = sum * 31 + i;
            }
            sink = sum;
          }
        }

        static void work(String go) throws Exception {
          var child =
              ChildProcess.call(() -> ChildProcess.call(() -> waitFor(go)).result().get() + 1);
          try (Pool pool = Pool.processes(2)) {
            CompletableFuture<Integer> one = pool.submit(() -> waitFor(go));
            CompletableFuture<Integer> two = pool.submit(() -> waitFor(go));
            System.out.println(List.of(one.get(), two.get(), child.result().get()));
          }
        }

        static int waitFor(String go) throws Exception {
          System.out.println("working");
          while (!Files.exists(Path.of(go))) {
            Thread.sleep(5);
          }
          return 20;
        }
      }
      """;

  private static final String AT_WORK = "working\n".repeat(3);
  private static final int INTERRUPTED = 128 + 2;

  @TempDir Path folder;
  private String classPath;
  private Path go;

  @BeforeEach
  void compile() throws IOException {
    Path classes =
        Sources.compile(
            folder.resolve("classes"), Sources.LIBRARY.toString(), Map.of("app/Main.java", SOURCE));
    classPath = Sources.LIBRARY + File.pathSeparator + classes;
    go = folder.resolve("go");
  }

  @Test
  void interruptKey_poolAtWork_allEndSilently() throws IOException, InterruptedException {
    try (Program program = program("work").start()) {
      program.await("tasks begin", () -> program.output().equals(AT_WORK));
      long start = System.nanoTime();
      Program.signal("INT", pids(program));
      awaitNone(program, start, Duration.ofSeconds(2));
      assertThat(program.awaitEnd().exitCode()).isEqualTo(INTERRUPTED);
      assertThat(program.output()).isEqualTo(AT_WORK);
      assertThat(program.errorOutput()).isEmpty();
      program.assertNothingLeft();
    }
  }

  @Test
  void interruptKey_parentHandlesIt_childrenGoOn() throws IOException, InterruptedException {
    try (Program program = program("handle").start()) {
      program.await("tasks begin", () -> program.output().equals(AT_WORK));
      Program.signal("INT", pids(program));
      program.await("the handler runs", () -> program.output().contains("interrupted"));
      Files.createFile(go);
      program.assertPrints(AT_WORK + "interrupted\n[20, 20, 21]\n");
    }
  }

  @Test
  void kill_busyChildrenAndGrandchild_areGoneWithinASecond()
      throws IOException, InterruptedException {
    try (Program program = program("busy").start()) {
      // long enough for the loops to be compiled
      program.await("five processes, four busy", () -> busy(program) == 4);
      long start = System.nanoTime();
      Program.signal("KILL", List.of(program.pid()));
      awaitNone(program, start, Duration.ofSeconds(1));
      assertThat(program.awaitEnd().output()).isEmpty();
      assertThat(program.errorOutput()).isEmpty();
      program.assertNothingLeft();
    }
  }

  private Program program(String what) throws IOException {
    return Program.java("-cp", classPath, "app.Main", what, go.toString());
  }

  private static List<Long> pids(Program program) {
    return program.processes().stream().map(ProcessHandle::pid).toList();
  }

  private static long busy(Program program) {
    return program.processes().stream()
        .filter(process -> process.pid() != program.pid())
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .filter(time -> time.compareTo(Duration.ofMillis(700)) > 0)
        .count();
  }

  private static void awaitNone(Program program, long start, Duration limit) {
    List<ProcessHandle> left = program.processes();
    while (!left.isEmpty() && System.nanoTime() - start < 10 * limit.toNanos()) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      left = program.processes();
    }
    assertThat(left).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit);
  }
}
