package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.channel.ProcessQueue;
import dev.procession.function.SerializableCallable;
import dev.procession.internal.os.Os;
import dev.procession.sync.ProcessLock;
import dev.procession.sync.ProcessSemaphore;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code docs/conformance.md} says of processes and of their start, beyond the main tests. */
class ChildProcessConformanceTest {
  private static final UnaryOperator<ProcessOptions> CAPTURED =
      options -> options.withOutput(Output.CAPTURED);

  @AfterEach
  void endTheStandby() throws InterruptedException {
    ChildProcess.prepare(0, options -> options);
  }

  /** The pid that a process has printed as its first line. */
  private static ProcessHandle printedProcess(ChildProcess<?> child) {
    ChildProcessTest.await(() -> child.output().endsWith("\n"));
    return ProcessHandle.of(Long.parseLong(child.output().strip())).orElseThrow();
  }

  private static Pool poolWhoseWorkerIsPrinted() throws Exception {
    Pool pool = Pool.processes(1);
    IO.println(pool.submit(() -> ProcessHandle.current().pid()).get());
    return pool;
  }

  // start

  @Test
  void start_captureChangedAfterwards_isNotSeen() throws Exception {
    List<Integer> list = new ArrayList<>(List.of(1));

    try (var child = ChildProcess.call(() -> list.size())) {
      list.add(2);

      assertThat(child.result().get(20, SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void code_calledHere_runsHere() throws Exception {
    SerializableCallable<Long> code = () -> ProcessHandle.current().pid();

    try (var child = ChildProcess.call(code)) {
      assertThat(code.call()).isEqualTo(ProcessHandle.current().pid());
      assertThat(child.result().get(20, SECONDS)).isEqualTo(child.pid());
    }
  }

  @Test
  void start_captureOfAChildProcess_isRefused() throws Exception {
    try (var child = ChildProcess.start(() -> {})) {
      assertThatThrownBy(() -> ChildProcess.start(() -> child.kill()))
          .isInstanceOf(TaskNotSerializableException.class)
          .hasMessageContaining("path=child");
    }
  }

  @Test
  void start_captureOfAPool_isThatPool() throws Exception {
    try (var pool = Pool.processes(1)) {
      ChildProcess.start(() -> pool.terminate()).join();

      assertThat(pool.isShutdown()).isTrue();
    }
  }

  @Test
  void start_capture_canBeCollectedHere() throws Exception {
    List<WeakReference<Object>> captured = new ArrayList<>();
    var child = startWithCapture(captured);
    try {
      ChildProcessTest.await(
          () -> {
            System.gc();
            return captured.getFirst().refersTo(null);
          });
      assertThat(child.isAlive()).isTrue();
    } finally {
      child.kill();
      child.join();
    }
  }

  private static ChildProcess<?> startWithCapture(List<WeakReference<Object>> captured) {
    byte[] capture = new byte[1000];
    captured.add(new WeakReference<>(capture));
    return ChildProcess.start(
        () -> {
          if (capture.length == 1000) {
            ChildProcessTest.sleepForEver();
          }
        });
  }

  // the end

  @Test
  void close_waitsForTheEnd_andNamePidAndStateOutliveIt() {
    var child =
        ChildProcess.start(
            o -> o.withName("brief").withDaemon(true), () -> Thread.sleep(Duration.ofMillis(50)));
    child.close();

    assertThat(child.isAlive()).isFalse();
    assertThat(child.name()).isEqualTo("brief");
    assertThat(child)
        .hasToString("ChildProcess[name=brief, pid=" + child.pid() + ", daemon, ended: code 0]");
  }

  @Test
  void exit_codeAbove255_keepsEightBits() throws Exception {
    var child = ChildProcess.start(() -> System.exit(300));
    child.join();

    assertThat(child.exitStatus()).contains(new ExitStatus(44, false));
  }

  @Test
  void end_threadsThenHooks_andTheirOutputIsThere() throws Exception {
    var child =
        ChildProcess.start(
            CAPTURED,
            () -> {
              Runtime.getRuntime()
                  .addShutdownHook(Thread.ofPlatform().unstarted(() -> System.out.print("hook")));
              Thread.ofPlatform()
                  .start(
                      () -> {
                        LockSupport.parkNanos(50_000_000);
                        System.out.print("thread ");
                      });
              System.out.print("code ");
            });
    child.join();

    assertThat(child.output()).isEqualTo("code thread hook");
  }

  // parents and their children

  @Test
  void parentEnds_waitsForItsChildren() throws Exception {
    var parent =
        ChildProcess.start(
            CAPTURED,
            () ->
                ChildProcess.start(
                    () -> {
                      Thread.sleep(Duration.ofMillis(100));
                      System.out.print("late");
                    }));
    parent.join();

    assertThat(parent.output()).isEqualTo("late");
  }

  @Test
  void parentEnds_takesItsDaemonsWithIt() throws Exception {
    try (var parent =
        ChildProcess.call(
            o -> o.withDaemon(true),
            () -> ChildProcess.start(o -> o.withDaemon(true), () -> sleepForEver()).pid())) {
      long pid = parent.result().get(20, SECONDS);
      parent.join();

      assertGoneSoon(pid);
    }
  }

  @Test
  void parentEnds_whileAChildStarts_leavesNoFile(@TempDir Path folder, @TempDir Path home)
      throws Exception {
    makeJava(home, "exec cat > /dev/null"); // never says hello, and ends with its parent
    try (var parent =
        ChildProcess.start(
            o -> o.withSystemProperty("dev.procession.folder", folder.toString()),
            () -> {
              Thread.ofPlatform()
                  .daemon()
                  .start(
                      () ->
                          ChildProcess.start(
                              o -> o.withDaemon(true).withJavaHome(home), () -> sleepForEver()));
              ChildProcessTest.await(() -> hasFile(folder, ".link") && hasFile(folder, ".pipe"));
              System.exit(0);
            })) {
      parent.join();
      assertThat(parent.exitStatus().orElseThrow().code()).hasValue(0);
    }
    assertThat(hasFile(folder, "")).isFalse();
  }

  private static boolean hasFile(Path folder, String end) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void parentTerminated_itsChildrenEndToo() throws Exception {
    var parent =
        ChildProcess.start(
            CAPTURED,
            () -> {
              var child = ChildProcess.start(() -> sleepForEver());
              IO.println(child.pid());
              child.join();
            });
    ProcessHandle grandchild = printedProcess(parent);
    parent.terminate();
    parent.join();

    assertGoneSoon(grandchild.pid());
  }

  @Test
  void parentKilled_itsPoolsWorkersEndToo() throws Exception {
    var parent =
        ChildProcess.start(
            CAPTURED,
            () -> {
              try (var pool = poolWhoseWorkerIsPrinted()) {
                pool.submit(() -> sleepForEver()).get();
              }
            });
    ProcessHandle worker = printedProcess(parent);
    parent.kill();
    parent.join();

    assertGoneSoon(worker.pid());
  }

  @Test
  void parentKilled_itsPoolsTaskIsInterrupted_andNoOtherBegins(@TempDir Path folder)
      throws Exception {
    Path cleaned = folder.resolve("cleaned");
    Path begun = folder.resolve("begun");
    String[] files = {cleaned.toString(), begun.toString()};
    var parent =
        ChildProcess.start(
            CAPTURED,
            () -> {
              try (var pool = poolWhoseWorkerIsPrinted()) {
                pool.with(tasks -> tasks.withChunkSize(2)) // both are in the worker
                    .map(i -> i == 0 ? sleepAndLeave(files[i]) : leave(files[i]), List.of(0, 1));
              }
            });
    ProcessHandle worker = printedProcess(parent);
    ChildProcessTest.await(() -> Files.exists(Path.of(cleaned + ".begun")));
    parent.kill();
    parent.join();

    assertGoneSoon(worker.pid());
    assertThat(cleaned).exists();
    assertThat(begun).doesNotExist();
  }

  private static String sleepAndLeave(String file) {
    leave(file + ".begun");
    try {
      sleepForEver();
    } catch (InterruptedException e) {
      leave(file);
    }
    return file;
  }

  private static String leave(String file) {
    try {
      return Files.createFile(Path.of(file)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void parentKilled_childsHookNeverEnds_theChildEndsAllTheSame() throws Exception {
    var parent =
        ChildProcess.start(
            CAPTURED, () -> ChildProcess.start(ChildProcessConformanceTest::hangInAHook).join());
    ProcessHandle child = printedProcess(parent);
    parent.kill();
    parent.join();

    assertGoneSoon(child.pid());
  }

  private static void hangInAHook() throws InterruptedException {
    Thread hook = Thread.ofPlatform().unstarted(() -> LockSupport.parkNanos(SECONDS.toNanos(60)));
    Runtime.getRuntime().addShutdownHook(hook);
    IO.println(ProcessHandle.current().pid());
    sleepForEver();
  }

  @Test
  void start_killedProgramHasLeftFiles_theyAreDeleted(@TempDir Path folder) throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    String name = "procession-" + ended.pid() + "-1-" + Os.current().pidScope() + "-1.link";
    Path left = Files.createFile(folder.resolve(name));
    try (var program =
        ChildProcess.start(
            o -> o.withSystemProperty("dev.procession.folder", folder.toString()),
            () -> {
              ChildProcess.start(() -> {}).join();
              ChildProcessTest.await(() -> Files.notExists(left));
            })) {
      program.join();

      assertThat(program.failure()).isEmpty();
    }
  }

  private static void sleepForEver() throws InterruptedException {
    ChildProcessTest.sleepForEver();
  }

  /** Nobody may be there to reap an orphan, so one that is a zombie is gone. */
  private static void assertGoneSoon(long pid) {
    long begin = System.nanoTime();
    ChildProcessTest.await(
        () ->
            ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().command())
                .isEmpty());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void parent_inAChild_canBeWatched() throws Exception {
    try (var child =
        ChildProcess.call(
            () -> {
              ProcessHandle parent = ChildProcess.parent().orElseThrow().handle();
              return parent.isAlive() && !parent.onExit().isDone();
            })) {
      assertThat(child.result().get(20, SECONDS)).isTrue();
    }
  }

  // the JVM and what it has from here

  @Test
  void child_hasOurClassPathFolderAndEnvironment_butNotOurProperties() throws Exception {
    System.setProperty("dev.procession.test.ours", "ours");
    SerializableCallable<Map<String, Object>> code =
        () ->
            Map.of(
                "classPath", System.getProperty("java.class.path"),
                "folder", Path.of("").toAbsolutePath().toString(),
                "environment", System.getenv("PATH"),
                "property", System.getProperty("dev.procession.test.ours", "none"));
    try (var child = ChildProcess.call(code)) {
      Map<String, Object> seen = child.result().get(20, SECONDS);

      assertThat((String) seen.get("classPath")).endsWith(lastClassPathEntry());
      assertThat(seen.get("folder")).isEqualTo(Path.of("").toAbsolutePath().toString());
      assertThat(seen.get("environment")).isEqualTo(System.getenv("PATH"));
      assertThat(seen.get("property")).isEqualTo("none");
    } finally {
      System.clearProperty("dev.procession.test.ours");
    }
  }

  private static String lastClassPathEntry() {
    String path = System.getProperty("java.class.path");
    return path.substring(path.lastIndexOf(File.pathSeparatorChar) + 1);
  }

  @Test
  void grandchild_hasTheJavaHomeAndClassPathOfTheChild(@TempDir Path extra) throws Exception {
    SerializableCallable<List<String>> look =
        () -> List.of(System.getProperty("java.home"), System.getProperty("java.class.path"));
    try (var child =
        ChildProcess.call(
            o -> o.withClassPath(extra),
            () -> {
              try (var grandchild = ChildProcess.call(look)) {
                return grandchild.result().get();
              }
            })) {
      List<String> seen = child.result().get(20, SECONDS);

      assertThat(seen.get(0)).isEqualTo(System.getProperty("java.home"));
      assertThat(seen.get(1)).endsWith(File.pathSeparator + extra.toAbsolutePath());
    }
  }

  /** A java that is a script. */
  private static void makeJava(Path home, String command) throws IOException {
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + command + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void withJavaHome_runsTheJavaThere(@TempDir Path home) throws Exception {
    String ours = System.getProperty("java.home") + "/bin/java";
    makeJava(home, "exec '" + ours + "' -Dchosen=yes \"$@\"");

    try (var child =
        ChildProcess.call(o -> o.withJavaHome(home), () -> System.getProperty("chosen"))) {
      assertThat(child.result().get(20, SECONDS)).isEqualTo("yes");
    }
  }

  @Test
  void availableProcessors_areTheJvms_andCanBeOverridden() throws Exception {
    try (var child =
        ChildProcess.call(
            o -> o.withJvmOptions("-XX:ActiveProcessorCount=3"),
            () -> Runtime.getRuntime().availableProcessors())) {
      assertThat(child.result().get(20, SECONDS)).isEqualTo(3);
    }
  }

  // what travels, however the process is started

  @ParameterizedTest
  @EnumSource(StartMode.class)
  void handles_inProcessesOfAnyStartMode_areOfTheSameThings(StartMode mode) throws Exception {
    try (var lock = ProcessLock.open();
        var queue = ProcessQueue.<Integer>open()) {
      assertThat(lock.tryLock()).isTrue();
      try (var child =
          ChildProcess.call(
              options -> options.withStartMode(mode),
              () -> {
                queue.put(lock.tryLock() ? 1 : 2);
                return lock.isLocked();
              })) {
        assertThat(child.result().get(20, SECONDS)).isTrue();
        assertThat(queue.poll(0, SECONDS)).isEqualTo(2);
      }
      lock.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource(StartMode.class)
  void handle_closedHereWhenTheProcessIsStarted_isStillThere(StartMode mode) throws Exception {
    var semaphore = ProcessSemaphore.open(3);
    try (var child =
        ChildProcess.call(
            options -> options.withStartMode(mode), () -> semaphore.availablePermits())) {
      semaphore.close();
      assertThat(child.result().get(20, SECONDS)).isEqualTo(3);
    }
  }

  // options as values

  @Test
  void options_ofOneCall_changeNoDefault() {
    ProcessOptions defaults = ProcessOptions.defaults();
    ProcessOptions changed = defaults.withStartMode(StartMode.STANDBY).withName("other");

    assertThat(changed.jvm().startMode()).isEqualTo(StartMode.STANDBY);
    assertThat(defaults.jvm().startMode()).isEqualTo(StartMode.SPAWN);
    assertThat(ProcessOptions.defaults().jvm().startMode()).isEqualTo(StartMode.SPAWN);
    assertThat(defaults.name()).isNull();
  }

  @Test
  void startMode_property_isTheDefaultOfEachCallFromThenOn() {
    System.setProperty(ProcessOptions.START_MODE_PROPERTY, "standby");
    try {
      assertThat(ProcessOptions.defaults().jvm().startMode()).isEqualTo(StartMode.STANDBY);
    } finally {
      System.clearProperty(ProcessOptions.START_MODE_PROPERTY);
    }
    assertThat(ProcessOptions.defaults().jvm().startMode()).isEqualTo(StartMode.SPAWN);
  }

  @Test
  void startModes_theDefaultIsFirst() {
    assertThat(StartMode.values()).containsExactly(StartMode.SPAWN, StartMode.STANDBY);
    assertThat(ProcessOptions.defaults().jvm().startMode()).isEqualTo(StartMode.SPAWN);
  }

  @Test
  void workers_byDefault_areAsManyAsProcessors() {
    assertThat(ProcessPoolOptions.defaults().spec().workers())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void exceptions_haveOneRoot() {
    assertThat(
            Stream.of(
                ProcessStartException.class,
                RemoteException.class,
                ResultNotSerializableException.class,
                TaskFailedException.class,
                TaskNotLoadableException.class,
                TaskNotSerializableException.class,
                WorkerDiedException.class))
        .allMatch(ProcessionException.class::isAssignableFrom);
  }
}
