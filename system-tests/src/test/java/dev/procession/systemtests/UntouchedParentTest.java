package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that uses the library keeps its streams, its globals and its signals to itself,
 * whatever becomes of its workers.
 */
class UntouchedParentTest {
  private static final String SOURCE =
      """
      package app;

      import dev.procession.ChildProcess;
      import dev.procession.Pool;
      import dev.procession.StartMode;
      import java.io.ObjectInputFilter;
      import java.net.Authenticator;
      import java.net.CookieHandler;
      import java.net.ProxySelector;
      import java.net.ResponseCache;
      import java.nio.charset.Charset;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.security.Security;
      import java.util.ArrayList;
      import java.util.Arrays;
      import java.util.List;
      import java.util.Locale;
      import java.util.Scanner;
      import java.util.TimeZone;
      import java.util.TreeMap;
      import java.util.concurrent.Future;
      import java.util.logging.Logger;

      public final class Main {
        public static void main(String[] arguments) throws Exception {
          var before = state();
          System.out.println("before");
          System.err.println("before, error");
          childProcesses();
          pool();
          standby();
          System.out.println("after");
          System.err.println("after, error");
          var after = state();
          before.forEach(
              (what, value) -> {
                if (!value.equals(after.get(what))) {
                  System.out.println(what + " was " + value + ", is " + after.get(what));
                }
              });
          var input = new Scanner(System.in);
          System.out.println(input.nextLine() + ", " + input.nextLine());
        }

        static void childProcesses() throws Exception {
          var child = ChildProcess.call(() -> 42);
          expect(child.result().get().equals(42));
          child.join();
          var exits = ChildProcess.start(() -> System.exit(7));
          exits.join();
          expect(exits.exitStatus().get().code().getAsInt() == 7);
          var killed = ChildProcess.start(Main::sleep);
          killed.kill();
          killed.join();
          var terminated = ChildProcess.start(Main::sleep);
          terminated.terminate();
          terminated.join();
          var interrupted = ChildProcess.call(Main::sleepUntilInterrupted);
          interrupted.interrupt();
          expect(interrupted.result().get().equals("interrupted"));
          interrupted.join();
        }

        static void pool() throws Exception {
          var pool = Pool.processes(2);
          expect(pool.map(n -> n + 1, List.of(1, 2, 3)).equals(List.of(2, 3, 4)));
          expect(pool.submit(() -> new byte[1 << 20]).get().length == 1 << 20);
          expect(pool.submit(() -> System.in.read()).get() == -1);
          expectFailure(pool.submit(() -> { throw new IllegalStateException("of the task"); }));
          expectFailure(pool.submit(() -> Runtime.getRuntime().halt(1)));
          expectFailure(pool.submit(Main::killYourself));
          var running = pool.submit(Main::sleep);
          pool.terminate();
          expectFailure(running);
        }

        static void standby() throws Exception {
          ChildProcess.prepare(1, o -> o);
          try (var child =
              ChildProcess.call(o -> o.withStartMode(StartMode.STANDBY), () -> "ready")) {
            expect(child.result().get().equals("ready"));
          }
          ChildProcess.prepare(0, o -> o);
        }

        static void sleep() throws InterruptedException {
          Thread.sleep(100_000);
        }

        static String sleepUntilInterrupted() {
          try {
            sleep();
            return "not interrupted";
          } catch (InterruptedException e) {
            return "interrupted";
          }
        }

        static void killYourself() throws Exception {
          new ProcessBuilder("/bin/kill", "-9", "" + ProcessHandle.current().pid()).start();
          sleep();
        }

        static void expect(boolean condition) {
          if (!condition) {
            throw new AssertionError();
          }
        }

        static void expectFailure(Future<?> future) throws InterruptedException {
          try {
            future.get();
          } catch (java.util.concurrent.ExecutionException
              | java.util.concurrent.CancellationException e) {
            return;
          }
          throw new AssertionError("has not failed");
        }

        /** What is one for the whole process, by name. */
        static TreeMap<String, Object> state() throws Exception {
          var state = new TreeMap<String, Object>();
          put(state, "out", System.out);
          put(state, "err", System.err);
          put(state, "in", System.in);
          put(state, "handler", Thread.getDefaultUncaughtExceptionHandler());
          put(state, "handler of main", Thread.currentThread().getUncaughtExceptionHandler());
          put(state, "loader of main", Thread.currentThread().getContextClassLoader());
          put(state, "name of main", Thread.currentThread().getName());
          put(state, "interrupt of main", Thread.currentThread().isInterrupted());
          put(state, "locale", Locale.getDefault());
          put(state, "locale to display", Locale.getDefault(Locale.Category.DISPLAY));
          put(state, "locale to format", Locale.getDefault(Locale.Category.FORMAT));
          put(state, "time zone", TimeZone.getDefault());
          put(state, "charset", Charset.defaultCharset());
          put(state, "authenticator", Authenticator.getDefault());
          put(state, "proxies", ProxySelector.getDefault());
          put(state, "cookies", CookieHandler.getDefault());
          put(state, "cache", ResponseCache.getDefault());
          put(state, "filter", ObjectInputFilter.Config.getSerialFilter());
          put(state, "providers", Arrays.asList(Security.getProviders()));
          Logger log = Logger.getLogger("");
          put(state, "log handlers", Arrays.asList(log.getHandlers()));
          put(state, "log level", log.getLevel());
          put(state, "properties themselves", System.identityHashCode(System.getProperties()));
          put(state, "properties", new TreeMap<>(System.getProperties()));
          put(state, "environment", new TreeMap<>(System.getenv()));
          put(state, "descriptors", descriptors());
          put(state, "signals", signals());
          put(state, "threads that keep the JVM", threads());
          return state;
        }

        static void put(TreeMap<String, Object> state, String what, Object value) {
          state.put(what, value == null ? "none" : value);
        }

        static List<Path> descriptors() throws Exception {
          var files = new ArrayList<Path>();
          for (int number = 0; number < 3; number++) {
            files.add(Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)));
          }
          return files;
        }

        /** Which signals are blocked, ignored and handled. */
        static List<String> signals() throws Exception {
          return Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.matches("Sig(Blk|Ign|Cgt).*"))
              .toList();
        }

        /** Those that stay: one that has waited for a child may be about to end. */
        static List<String> threads() throws Exception {
          for (int i = 0; i < 500 && alive().size() > 1; i++) {
            Thread.sleep(10);
          }
          return alive();
        }

        static List<String> alive() {
          return Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> !thread.isDaemon())
              .map(Thread::getName)
              .sorted()
              .toList();
        }
      }
      """;

  @TempDir Path folder;
  private String classPath;

  @BeforeEach
  void compile() throws IOException {
    Path classes =
        Sources.compile(
            folder.resolve("classes"), Sources.LIBRARY.toString(), Map.of("app/Main.java", SOURCE));
    classPath = Sources.LIBRARY + File.pathSeparator + classes;
  }

  @Test
  void program_usesEverything_printsItsOwnAndFindsAllAsItWas()
      throws IOException, InterruptedException {
    assertUntouched(Program.java("-cp", classPath, "app.Main"));
  }

  @Test
  void program_withACacheInTheMaking_printsItsOwnAndFindsAllAsItWas()
      throws IOException, InterruptedException {
    String cache = "-Ddev.procession.aot=" + folder.resolve("cache");
    assertUntouched(Program.java(cache, "-cp", classPath, "app.Main"));
  }

  @Test
  void program_withoutMkfifoAndNativeAccess_printsItsOwnAndFindsAllAsItWas()
      throws IOException, InterruptedException {
    assertUntouched(Program.java("-cp", classPath, "app.Main").withEnvironment("PATH", "/nowhere"));
  }

  private static void assertUntouched(Program started) throws IOException, InterruptedException {
    try (Program program = started.withInput("one\ntwo\n").start().awaitEnd()) {
      assertThat(program.errorOutput()).isEqualTo("before, error\nafter, error\n");
      assertThat(program.output()).isEqualTo("before\nafter\none, two\n");
      assertThat(program.exitCode()).isZero();
    }
  }
}
