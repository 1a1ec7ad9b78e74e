package dev.procession.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Ends a test method (also a {@code @BeforeEach} and its kind) which runs for longer than {@value
 * #SECONDS_PARAMETER} seconds (a system property; 60 where it is not set): prints the threads of
 * this JVM and of all JVMs below it to standard error, interrupts the thread of the test until it
 * ends, and fails the test, even if it ends as if nothing had happened.
 *
 * <p>A test which must run for longer ("stress") says so with the configuration parameter.
 */
public final class HangWatchdog implements InvocationInterceptor {
  /** How long a test method may run. */
  static final String SECONDS_PARAMETER = "procession.test.hang.seconds";

  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);

  /** What a thread dump of another JVM may take: a stopped one never answers. */
  private static final Duration DUMP_PATIENCE = Duration.ofSeconds(10);

  private static final Duration INTERRUPT_AGAIN = Duration.ofSeconds(1);

  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** For JUnit, through {@code META-INF/services}. */
  public HangWatchdog() {}

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    watch(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    watch(invocation, context);
  }

  @Override
  public <T> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    return watch(invocation, context);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
      throws Throwable {
    watch(invocation, context);
  }

  @Override
  public void interceptBeforeAllMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    watch(invocation, context);
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    watch(invocation, context);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    watch(invocation, context);
  }

  @Override
  public void interceptAfterAllMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    watch(invocation, context);
  }

  private static <T> T watch(Invocation<T> invocation, ExtensionContext context) throws Throwable {
    Duration patience =
        context
            .getConfigurationParameter(SECONDS_PARAMETER, Long::valueOf)
            .map(Duration::ofSeconds)
            .orElse(DEFAULT_PATIENCE);
    Watch watch = new Watch(name(context), patience);
    T result;
    try {
      result = invocation.proceed();
    } catch (Throwable failure) {
      if (watch.end()) {
        throw watch.failure(failure);
      }
      throw failure;
    }
    if (watch.end()) {
      throw watch.failure(null);
    }
    return result;
  }

  private static String name(ExtensionContext context) {
    String method = context.getTestMethod().map(m -> "." + m.getName()).orElse("");
    return context.getTestClass().map(Class::getName).orElse("a dynamic test")
        + method
        + " ("
        + context.getDisplayName()
        + ")";
  }

  /** The watch over one invocation, by a thread of its own. */
  private static final class Watch implements Runnable {
    private final String name;
    private final Duration patience;
    private final Thread watched = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread watcher;
    private volatile boolean hung;

    Watch(String name, Duration patience) {
      this.name = name;
      this.patience = patience;
      // No virtual thread: the hanging test may well hold all of their carriers.
      watcher = Thread.ofPlatform().daemon().name("hang-watchdog").unstarted(this);
      watcher.start();
    }

    @Override
    public void run() {
      try {
        if (ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        hung = true;
        dump(name + " still runs after " + patience.toSeconds() + " s", System.err);
        do {
          watched.interrupt();
        } while (!ended.await(INTERRUPT_AGAIN.toNanos(), TimeUnit.NANOSECONDS));
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this thread", e);
      }
    }

    /** Ends the watch; afterwards nothing interrupts the thread of the test. */
    boolean end() {
      ended.countDown();
      boolean interrupted = false;
      while (true) {
        try {
          watcher.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (hung) {
        Thread.interrupted();
      } else if (interrupted) {
        watched.interrupt();
      }
      return hung;
    }

    AssertionError failure(Throwable cause) {
      return new AssertionError(
          "%s ran for longer than %d s; its threads are on standard error"
              .formatted(name, patience.toSeconds()),
          cause);
    }
  }

  private static void dump(String why, PrintStream out) throws InterruptedException {
    List<ProcessHandle> processes = new ArrayList<>();
    processes.add(ProcessHandle.current());
    try (Stream<ProcessHandle> descendants = ProcessHandle.current().descendants()) {
      descendants.forEach(processes::add);
    }
    out.println("==== " + why);
    for (ProcessHandle process : processes) {
      out.println("==== process " + process.pid() + ": " + LeakListener.commandLine(process));
      // Only a JVM can tell; the question alone might end anything else.
      if (isJvm(process)) {
        out.println(threads(process.pid()));
      }
    }
    out.println("==== end of the threads for " + why);
    out.flush();
  }

  private static boolean isJvm(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(command -> Path.of(command).getFileName().toString().toLowerCase(Locale.ROOT))
        .filter(command -> command.equals("java") || command.equals("java.exe"))
        .isPresent();
  }

  private static String threads(long pid) throws InterruptedException {
    String jcmd = JAVA_HOME.resolve("bin").resolve("jcmd").toString();
    try {
      Path output = Files.createTempFile("threads", ".txt");
      try {
        Process process =
            new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print", "-l")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean answered = process.waitFor(DUMP_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        return answered ? text : text + "(no answer within " + DUMP_PATIENCE.toSeconds() + " s)";
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      return "(no thread dump: " + e + ")";
    }
  }
}
