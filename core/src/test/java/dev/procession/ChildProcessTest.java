package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.function.SerializableCallable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes, one at a time: their start, their end, and all that can happen between. */
class ChildProcessTest {
  private static final UnaryOperator<ProcessOptions> CAPTURED =
      options -> options.withOutput(Output.CAPTURED);

  private static int counter;

  @AfterEach
  void endTheStandby() throws InterruptedException {
    ChildProcess.prepare(0, options -> options);
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("condition holds in time").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** What a process does that shall run until something happens to it. */
  static void sleepForEver() throws InterruptedException {
    while (true) {
      Thread.sleep(Duration.ofHours(1));
    }
  }

  // start and result

  @ParameterizedTest
  @EnumSource(StartMode.class)
  void call_returnsTheValue(StartMode mode) throws Exception {
    int captured = 20;

    try (var child = ChildProcess.call(o -> o.withStartMode(mode), () -> captured + 22)) {
      assertThat(child.result().get(20, SECONDS)).isEqualTo(42);
    }
  }

  @Test
  void start_runsInAnotherProcessWithFreshStatics() throws Exception {
    counter = 5;

    try (var child =
        ChildProcess.call(() -> List.of(ProcessHandle.current().pid(), (long) ++counter))) {
      assertThat(child.result().get(20, SECONDS)).containsExactly(child.pid(), 1L);
      assertThat(child.pid()).isNotEqualTo(ProcessHandle.current().pid());
    }
    assertThat(counter).isEqualTo(5);
  }

  @Test
  void start_ends_withCodeZeroAndNoFailure() throws Exception {
    var child = ChildProcess.start(() -> {});
    child.join();

    assertThat(child.isAlive()).isFalse();
    assertThat(child.exitStatus()).contains(new ExitStatus(0, false));
    assertThat(child.exitStatus().orElseThrow().isSuccess()).isTrue();
    assertThat(child.failure()).isEmpty();
    assertThat(child.toString()).contains("code 0").contains("pid=" + child.pid());
  }

  @Test
  void start_name_isDefaultOrGiven() throws Exception {
    try (var first = ChildProcess.start(() -> {});
        var second = ChildProcess.call(o -> o.withName("worker bee"), ChildProcess::current)) {
      assertThat(first.name()).matches("process-[0-9]+");
      assertThat(second.name()).isEqualTo("worker bee");
      assertThat(second.toString()).contains("worker bee");
    }
  }

  @Test
  void currentAndParent_inParentAndChild_knowEachOther() throws Exception {
    assertThat(ChildProcess.current().name()).isEqualTo("main");
    assertThat(ChildProcess.parent()).isEmpty();
    SerializableCallable<Map<String, Object>> code =
        () ->
            Map.of(
                "name", ChildProcess.current().name(),
                "parent", ChildProcess.parent().orElseThrow().name(),
                "parentPid", ChildProcess.parent().orElseThrow().pid());

    try (var child = ChildProcess.call(o -> o.withName("kid"), code)) {
      assertThat(child.result().get(20, SECONDS))
          .containsEntry("name", "kid")
          .containsEntry("parent", "main")
          .containsEntry("parentPid", ProcessHandle.current().pid());
    }
  }

  @Test
  void active_hasThoseThatRun() throws Exception {
    var child = ChildProcess.start(o -> o.withDaemon(true), ChildProcessTest::sleepForEver);
    try {
      assertThat(ChildProcess.active()).contains(child);
    } finally {
      child.kill();
      child.join();
    }
    assertThat(ChildProcess.active()).doesNotContain(child);
  }

  @Test
  void start_manyAtOnceFromManyThreads_allAnswer() throws Exception {
    List<ChildProcess<Integer>> children = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    var child = ChildProcess.call(() -> number * number);
                    synchronized (children) {
                      children.add(child);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int sum = 0;
    for (var child : children) {
      sum += child.result().get(30, SECONDS);
      child.close();
    }
    assertThat(sum).isEqualTo(140);
  }

  @Test
  void start_subprocessTree_works() throws Exception {
    try (var child =
        ChildProcess.call(
            () -> {
              try (var grandchild = ChildProcess.call(() -> "grand")) {
                return grandchild.result().get() + "child of " + ChildProcess.current().name();
              }
            })) {
      assertThat(child.result().get(30, SECONDS)).isEqualTo("grandchild of " + child.name());
    }
  }

  /** Starts the next of a chain that has no end; returns how long it is and why it ends. */
  private static String startEndlessly(int depth) throws Exception {
    try (var next = ChildProcess.call(() -> startEndlessly(depth + 1))) {
      return next.result().get(30, SECONDS);
    } catch (ProcessStartException e) {
      return depth + ": " + e.getMessage();
    }
  }

  @Test
  void start_inChildrenOfChildrenWithoutEnd_ends() throws Exception {
    try (var first =
        ChildProcess.call(
            o -> o.withSystemProperty("dev.procession.mostDepth", "3"), () -> startEndlessly(1))) {
      assertThat(first.result().get(30, SECONDS))
          .startsWith("3: ")
          .contains("depth=4")
          .contains("dev.procession.mostDepth");
    }
  }

  // options

  @Test
  void options_reachTheJvm(@TempDir Path folder) throws Exception {
    UnaryOperator<ProcessOptions> options =
        o ->
            o.withMaxHeap("48m")
                .withSystemProperty("color", "dark blue")
                .withEnvironment("FRUIT", "apple")
                .withEnvironment("HOME", null)
                .withDirectory(folder)
                .withClassPath(folder.resolve("extra"))
                .withJvmOptions("-Dfrom=option", "-ea");
    Files.createDirectories(folder.resolve("extra"));
    Files.writeString(folder.resolve("extra").resolve("hint.txt"), "found");
    SerializableCallable<List<Object>> code =
        () ->
            List.of(
                Runtime.getRuntime().maxMemory() <= 48 << 20,
                System.getProperty("color"),
                System.getenv("FRUIT"),
                System.getenv().containsKey("HOME"),
                Path.of("").toRealPath().toString(),
                System.getProperty("from"),
                ClassLoader.getSystemResource("hint.txt") != null,
                System.in.read());

    try (var child = ChildProcess.call(options, code)) {
      assertThat(child.result().get(20, SECONDS))
          .containsExactly(
              true,
              "dark blue",
              "apple",
              false,
              folder.toRealPath().toString(),
              "option",
              true,
              -1);
    }
  }

  @Test
  void options_badOnes_areRefusedAtOnce() {
    assertThatThrownBy(() -> ChildProcess.start(o -> o.withMaxHeap("lots"), () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lots");
    assertThatThrownBy(() -> ChildProcess.start(o -> o.withStartTimeout(Duration.ZERO), () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void output_captured_isKept() throws Exception {
    var child =
        ChildProcess.start(
            CAPTURED,
            () -> {
              System.out.println("to out");
              System.err.println("to err");
            });
    child.join();

    assertThat(child.output()).isEqualTo("to out\n");
    assertThat(child.errorOutput()).isEqualTo("to err\n");
  }

  @Test
  void output_moreThanIsKept_isTheLast() throws Exception {
    var child = ChildProcess.start(CAPTURED, () -> System.out.print("x".repeat(3 << 20) + "end"));
    child.join();

    assertThat(child.output()).hasSize(1 << 20).endsWith("xend");
  }

  /** Without huge pages, and there hardly ever are some, a JVM that is to use them says so. */
  @Test
  void output_jvmHasAWarning_isTheCodesAlone() throws Exception {
    var child =
        ChildProcess.start(
            o -> o.withOutput(Output.CAPTURED).withJvmOptions("-XX:+UseLargePages"),
            () -> System.out.println("of the code"));
    child.join();

    assertThat(child.output()).isEqualTo("of the code\n");
    assertThat(child.errorOutput()).isEmpty();
  }

  @Test
  void output_prefixed_comesLineByLineBehindTheName() throws Exception {
    var program =
        ChildProcess.start(
            CAPTURED,
            () ->
                ChildProcess.start(
                        o -> o.withOutput(Output.PREFIXED).withName("kid"),
                        () -> {
                          System.out.print("one\n\ntw");
                          System.out.flush();
                          System.out.print("o\nlast");
                          System.err.print("bad\nlast");
                        })
                    .join());
    program.join();

    assertThat(program.output()).isEqualTo("[kid] one\n[kid] \n[kid] two\n[kid] last\n");
    assertThat(program.errorOutput()).isEqualTo("[kid] bad\n[kid] last\n");
  }

  @Test
  void output_prefixedFromTwoAtOnce_noLineIsBroken(@TempDir Path folder) throws Exception {
    int lines = 20_000;
    Path go = folder.resolve("go");
    var program =
        ChildProcess.start(
            CAPTURED,
            () -> {
              var one = printer("one", lines, go);
              var two = printer("two", lines, go);
              touch(go);
              one.join();
              two.join();
            });
    program.join();

    assertThat(program.failure()).isEmpty();
    for (String output : List.of(program.output(), program.errorOutput())) {
      for (String name : List.of("one", "two")) {
        String prefix = "[" + name + "] ";
        List<String> printed = output.lines().filter(line -> line.startsWith(prefix)).toList();
        assertThat(printed)
            .isEqualTo(IntStream.range(0, lines).mapToObj(n -> prefix + "line " + n).toList());
      }
      assertThat(output.lines()).hasSize(2 * lines);
    }
  }

  /** A process that prints to both streams, as fast as it can. */
  private static ChildProcess<?> printer(String name, int lines, Path go) {
    return ChildProcess.start(
        o -> o.withOutput(Output.PREFIXED).withName(name),
        () -> {
          String text =
              IntStream.range(0, lines)
                  .mapToObj(n -> "line " + n + '\n')
                  .collect(Collectors.joining());
          await(() -> Files.exists(go));
          System.out.print(text);
          System.err.print(text);
        });
  }

  // failures

  static final class OddException extends Exception {
    private static final long serialVersionUID = 1L;

    OddException(String message, int unused) {
      super(message);
    }
  }

  static final class StuckException extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // what this is about
    final Object stuck = new Object();
  }

  @Test
  void start_codeThrows_traceOnItsErrorAndFailureHere() throws Exception {
    var child =
        ChildProcess.start(
            o -> o.withOutput(Output.CAPTURED).withName("unlucky"),
            () -> {
              throw new OddException("odd", 1);
            });
    child.join();

    assertThat(child.exitStatus()).contains(new ExitStatus(1, false));
    assertThat(child.errorOutput())
        .startsWith("Exception in process \"unlucky\" ")
        .contains("OddException: odd")
        .contains("at dev.procession.ChildProcessTest");
    assertThat(child.failure().orElseThrow())
        .isInstanceOf(OddException.class)
        .hasMessage("odd")
        .hasStackTraceContaining("ChildProcessTest");
  }

  @Test
  void start_codeThrowsWhatCannotTravel_isARemoteException() throws Exception {
    var child =
        ChildProcess.start(
            CAPTURED,
            () -> {
              throw new StuckException();
            });
    child.join();

    assertThat(child.failure().orElseThrow())
        .isInstanceOfSatisfying(
            RemoteException.class,
            e -> assertThat(e.remoteType()).isEqualTo(StuckException.class.getName()))
        .hasMessageContaining("ChildProcessTest.java");
  }

  @Test
  void call_resultCannotTravel_failsAndSaysSo() throws Exception {
    var child = ChildProcess.call(CAPTURED, () -> (Object) new Thread());
    child.join();

    assertThat(child.failure().orElseThrow())
        .isInstanceOf(ResultNotSerializableException.class)
        .hasMessageContaining("java.lang.Thread");
  }

  @Test
  void start_filterOfItsJvmRefusesACapture_isNotRead() {
    var refused = new BitSet();
    try (var child =
        ChildProcess.call(
            options -> options.withSystemProperty("jdk.serialFilter", "!java.util.BitSet"),
            () -> refused.cardinality())) {
      assertThatThrownBy(() -> child.result().get())
          .hasCauseInstanceOf(TaskNotLoadableException.class)
          .hasMessageContaining("REJECTED");
    }
  }

  @Test
  void start_captureCannotTravel_throwsAtTheCall() {
    Thread thread = new Thread();

    assertThatThrownBy(() -> ChildProcess.start(thread::getName))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> ChildProcess.start(() -> IO.println(thread.getName())))
        .isInstanceOf(TaskNotSerializableException.class)
        .hasMessageContaining("path=thread");
  }

  @Test
  void start_noJava_throwsAtTheCall(@TempDir Path folder) {
    assertThatThrownBy(() -> ChildProcess.start(o -> o.withJavaHome(folder), () -> {}))
        .isInstanceOf(ProcessStartException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void start_jvmRefusesAnOption_throwsWithWhatItPrinted() {
    assertThatThrownBy(
            () ->
                ChildProcess.start(
                    o -> o.withOutput(Output.DISCARDED).withJvmOptions("-XX:+NoSuchThing"),
                    () -> {}))
        .isInstanceOf(ProcessStartException.class)
        .hasMessageContaining("NoSuchThing")
        .hasMessageContaining("Unrecognized VM option");
  }

  @Test
  void start_noSuchDirectory_throwsAtTheCall(@TempDir Path folder) {
    assertThatThrownBy(
            () -> ChildProcess.start(o -> o.withDirectory(folder.resolve("no")), () -> {}))
        .isInstanceOf(ProcessStartException.class);
  }

  @Test
  void start_notReadyInTime_throwsAndKillsIt() {
    assertThatThrownBy(
            () -> ChildProcess.start(o -> o.withStartTimeout(Duration.ofMillis(1)), () -> {}))
        .isInstanceOf(ProcessStartException.class)
        .hasMessageContaining("startTimeout");
  }

  // ends of every kind

  @Test
  void exit_fromTheCode_isTheStatus() throws Exception {
    var child = ChildProcess.start(() -> System.exit(7));
    child.join();

    assertThat(child.exitStatus()).contains(new ExitStatus(7, false));
    assertThat(child.failure().orElseThrow())
        .isInstanceOfSatisfying(
            WorkerDiedException.class,
            e -> {
              assertThat(e.exitStatus().code()).hasValue(7);
              assertThat(e.pid()).isEqualTo(child.pid());
            });
  }

  @Test
  void exit_withACodeThatLooksLikeASignal_isStillACode() throws Exception {
    var child = ChildProcess.start(() -> System.exit(137));
    child.join();

    assertThat(child.exitStatus()).contains(new ExitStatus(137, false));
  }

  @Test
  void kill_isASignal() throws Exception {
    var child = ChildProcess.start(ChildProcessTest::sleepForEver);
    child.kill();
    child.join();

    assertThat(child.exitStatus().orElseThrow().signalName()).contains("KILL");
    assertThat(child.exitStatus().orElseThrow()).hasToString("signal 9 (KILL)");
    assertThat(child.failure().orElseThrow()).isInstanceOf(WorkerDiedException.class);
    child.kill();
    child.terminate();
    child.interrupt();
  }

  @Test
  void terminate_runsShutdownHooks(@TempDir Path folder) throws Exception {
    String file = folder.resolve("hook ran").toString();
    String begun = folder.resolve("begun").toString();
    var child =
        ChildProcess.start(
            () -> {
              Runtime.getRuntime()
                  .addShutdownHook(Thread.ofPlatform().unstarted(() -> touch(Path.of(file))));
              touch(Path.of(begun));
              sleepForEver();
            });
    await(() -> Files.exists(Path.of(begun)));
    child.terminate();
    child.join();

    assertThat(child.exitStatus().orElseThrow().signalName()).contains("TERM");
    assertThat(Path.of(file)).exists();
  }

  private static void touch(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void interrupt_reachesTheCode(@TempDir Path folder) throws Exception {
    String begun = folder.resolve("begun").toString();
    var child =
        ChildProcess.call(
            () -> {
              touch(Path.of(begun));
              try {
                sleepForEver();
                return "never";
              } catch (InterruptedException e) {
                return "interrupted";
              }
            });
    await(() -> Files.exists(Path.of(begun)));
    child.interrupt();

    assertThat(child.result().get(20, SECONDS)).isEqualTo("interrupted");
    child.join();
  }

  @Test
  void join_withTimeout_saysWhetherItHasEnded() throws Exception {
    var child = ChildProcess.start(ChildProcessTest::sleepForEver);

    assertThat(child.join(Duration.ofMillis(20))).isFalse();
    assertThat(child.join(Duration.ofSeconds(-1))).isFalse();
    assertThat(child.exitStatus()).isEmpty();
    child.kill();
    assertThat(child.join(Duration.ofSeconds(20))).isTrue();
    assertThat(child.join(Duration.ZERO)).isTrue();
  }

  @Test
  void join_interrupted_throwsAndTheProcessGoesOn() throws Exception {
    var child = ChildProcess.start(ChildProcessTest::sleepForEver);
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(child::join).isInstanceOf(InterruptedException.class);
      assertThat(child.isAlive()).isTrue();
    } finally {
      child.kill();
      child.join();
    }
  }

  @Test
  void join_fromManyThreads_allReturn() throws Exception {
    var child = ChildProcess.start(ChildProcessTest::sleepForEver);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      child.join();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    child.kill();
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void close_interrupted_killsAndRestoresTheInterrupt() {
    var child = ChildProcess.start(ChildProcessTest::sleepForEver);

    Thread.currentThread().interrupt();
    child.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(child.isAlive()).isFalse();
    child.close();
  }

  @Test
  void onExit_callback_runsOnceEnded() throws Exception {
    var child = ChildProcess.start(() -> {});

    assertThat(child.onExit().get(20, SECONDS)).isSameAs(child);
    assertThat(child.onExit().thenApply(ChildProcess::isAlive).get(20, SECONDS)).isFalse();
  }

  @Test
  void result_cancelledByOneCaller_isStillThereForOthers() throws Exception {
    try (var child = ChildProcess.call(() -> 1)) {
      child.result().cancel(true);

      assertThat(child.result().get(20, SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void result_failure_isTheCause() {
    try (var child =
        ChildProcess.call(
            CAPTURED,
            () -> {
              throw new IOException("disk");
            })) {
      assertThatThrownBy(() -> child.result().get(20, SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
      assertThatThrownBy(() -> child.result().join())
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("disk");
    }
  }

  @Test
  void nonDaemonThreadOfTheCode_isWaitedFor() throws Exception {
    var child =
        ChildProcess.start(
            CAPTURED,
            () ->
                Thread.ofPlatform()
                    .start(
                        () -> {
                          LockSupport.parkNanos(200_000_000);
                          System.out.print("late");
                        }));
    child.join();

    assertThat(child.output()).isEqualTo("late");
    assertThat(child.exitStatus().orElseThrow().isSuccess()).isTrue();
  }

  @Test
  void stopped_timeoutsHold_andItGoesOnAfterwards(@TempDir Path folder) throws Exception {
    Path go = folder.resolve("go");
    var child =
        ChildProcess.call(
            () -> {
              while (!Files.exists(go)) {
                Thread.sleep(Duration.ofMillis(2));
              }
              return "done";
            });
    signal(child.pid(), "STOP");
    try {
      Files.createFile(go);
      assertThat(child.join(Duration.ofMillis(50))).isFalse();
    } finally {
      signal(child.pid(), "CONT");
    }
    assertThat(child.result().get(20, SECONDS)).isEqualTo("done");
    child.join();
  }

  @Test
  void stopped_kill_endsIt() throws Exception {
    var child = ChildProcess.start(ChildProcessTest::sleepForEver);
    signal(child.pid(), "STOP");
    assertThatThrownBy(() -> child.result().get(50, java.util.concurrent.TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    child.kill();

    assertThat(child.join(Duration.ofSeconds(20))).isTrue();
  }

  /** Sends a signal; returns from STOP when every thread of the process has stopped. */
  static void signal(long pid, String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertThat(kill.waitFor()).isZero();
    if (name.equals("STOP")) {
      await(() -> isStopped(pid));
    }
  }

  private static boolean isStopped(long pid) {
    try (var threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // a thread has ended meanwhile
    }
  }

  // standby

  @Test
  void standby_eachJvmIsUsedOnce() throws Exception {
    UnaryOperator<ProcessOptions> standby = o -> o.withStartMode(StartMode.STANDBY);
    ChildProcess.prepare(2, standby);
    List<Object> seen = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (var child = ChildProcess.call(standby, () -> List.of(++counter, "fresh"))) {
        seen.add(child.result().get(20, SECONDS));
      }
    }
    assertThat(seen).containsOnly(List.of(1, "fresh"));
    ChildProcess.prepare(0, standby);
  }

  @Test
  void standby_oneIsKilledWhileItWaits_anotherIsUsed() throws Exception {
    UnaryOperator<ProcessOptions> standby = o -> o.withStartMode(StartMode.STANDBY);
    ChildProcess.prepare(1, standby);
    ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains("WorkerMain"))
        .forEach(ProcessHandle::destroyForcibly);

    try (var child = ChildProcess.call(standby, () -> "alive")) {
      assertThat(child.result().get(20, SECONDS)).isEqualTo("alive");
    }
    ChildProcess.prepare(0, standby);
  }

  @Test
  void join_whileVirtualThreadsAndTheCommonPoolNeverWait_returns() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    ForkJoinPool common = ForkJoinPool.commonPool();
    CountDownLatch spinning = new CountDownLatch(processors + common.getParallelism());
    AtomicBoolean over = new AtomicBoolean();
    Runnable spin =
        () -> {
          spinning.countDown();
          while (!over.get()) {
            Thread.onSpinWait();
          }
        };
    List<Thread> virtual =
        Stream.generate(() -> Thread.startVirtualThread(spin)).limit(processors).toList();
    List<Future<?>> pooled = new ArrayList<>();
    for (int i = 0; i < common.getParallelism(); i++) {
      pooled.add(common.submit(spin));
    }
    try {
      spinning.await();
      var child = ChildProcess.call(() -> Map.of("answer", 42));
      assertThat(child.onExit().get(30, SECONDS)).isSameAs(child);
      assertThat(child.result().get(30, SECONDS)).isEqualTo(Map.of("answer", 42));
      assertThat(child.join(Duration.ofSeconds(30))).isTrue();
    } finally {
      over.set(true);
      for (Thread thread : virtual) {
        thread.join();
      }
      for (Future<?> one : pooled) {
        Object _ = one.get();
      }
    }
  }
}
