package dev.procession.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.internal.os.Os;
import dev.procession.sync.ProcessEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocks of bytes with a name. */
@Timeout(60)
class SharedMemoryTest {
  private static final Path FOLDER = Os.current().segmentFolders().getFirst();
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /** A name that no other test has, in no other run. */
  private static String name() {
    return "memory-test-" + UUID.randomUUID();
  }

  @Test
  void create_named_isThoseBytesUnderThatNameAndNothingElse() throws IOException {
    String name = name();
    try (var memory = SharedMemory.create(name, 5)) {
      assertThat(memory.name()).isEqualTo(name);
      assertThat(memory.size()).isEqualTo(5);
      assertThat(memory.segment().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 0, 0, 0, 0);
      memory.segment().copyFrom(MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5}));
      assertThat(FOLDER.resolve(name)).hasBinaryContent(new byte[] {1, 2, 3, 4, 5});
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(FOLDER.resolve(name))))
          .isEqualTo("rw-------");
    }
    assertThat(FOLDER.resolve(name)).doesNotExist();
  }

  @Test
  void create_unnamed_canBeAttachedByItsName() {
    try (var memory = SharedMemory.create(16);
        var other = SharedMemory.create(16)) {
      memory.segment().set(LONG, 8, 42);
      assertThat(memory.name()).isNotEqualTo(other.name());
      try (var attached = SharedMemory.attach(memory.name())) {
        assertThat(attached.segment().get(LONG, 8)).isEqualTo(42);
      }
      assertThat(FOLDER.resolve(memory.name())).exists();
    }
  }

  @Test
  void create_existingName_throwsAndLeavesTheOther() throws IOException {
    String name = name();
    try (var memory = SharedMemory.create(name, 8)) {
      memory.segment().set(LONG, 0, 42);
      long before = files();
      assertThatThrownBy(() -> SharedMemory.create(name, 8))
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining(name);
      assertThat(files()).isEqualTo(before);
      assertThat(memory.segment().get(LONG, 0)).isEqualTo(42);
      assertThat(FOLDER.resolve(name)).exists();
    }
  }

  private static long files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      String ours = "procession-" + ProcessHandle.current().pid() + "-";
      return files.filter(file -> file.getFileName().toString().startsWith(ours)).count();
    }
  }

  @Test
  void attach_missingOrEmptyOrNoFile_throwsWithTheName() throws IOException {
    String name = name();
    assertThatThrownBy(() -> SharedMemory.attach(name))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(name);
    Path file = Files.createFile(FOLDER.resolve(name));
    try {
      assertThatThrownBy(() -> SharedMemory.attach(name))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("empty");
    } finally {
      Files.delete(file);
    }
    Files.createDirectory(file);
    try {
      assertThatThrownBy(() -> SharedMemory.attach(name)).isInstanceOf(UncheckedIOException.class);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void create_badNameOrSize_isRefused() {
    List<String> names =
        List.of("", "a/b", "/a", "a\0b", ".", "..", "x".repeat(251), "ä".repeat(126));
    for (String name : names) {
      assertThatThrownBy(() -> SharedMemory.create(name, 8))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> SharedMemory.attach(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> SharedMemory.create("procession-1-2-3-4.x", 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SharedMemory.create(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
    assertThatThrownBy(() -> SharedMemory.create(-8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-8");
    String longest = (name() + "x".repeat(250)).substring(0, 250);
    try (var memory = SharedMemory.create(longest, 8)) {
      assertThat(memory.name()).hasSize(250);
    }
  }

  @Test
  void close_everyLaterUse_throws() {
    var memory = SharedMemory.create(name(), 8);
    var attached = SharedMemory.attach(memory.name());
    MemorySegment segment = memory.segment();
    MemorySegment other = attached.segment();
    memory.close();
    memory.close();

    assertThatThrownBy(memory::segment)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(memory.name());
    assertThatThrownBy(() -> segment.get(LONG, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.asSlice(4).fill((byte) 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ChildProcess.start(() -> memory.segment().fill((byte) 1)))
        .hasStackTraceContaining("closed");
    assertThat(memory.toString()).contains("closed", "size=8");
    other.set(LONG, 0, 42);
    assertThat(other.get(LONG, 0)).isEqualTo(42);
    attached.close();
    assertThatThrownBy(() -> other.get(LONG, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void unlink_byWhoeverHasIt_removesTheNameAndMappingsLive() throws Exception {
    String name = name();
    try (var memory = SharedMemory.create(name, 8);
        var child =
            ChildProcess.start(
                () -> {
                  try (var attached = SharedMemory.attach(name)) {
                    attached.unlink();
                    attached.unlink();
                    attached.segment().set(LONG, 0, 42);
                  }
                })) {
      child.join();
      assertThat(child.failure()).isEmpty();
      assertThat(FOLDER.resolve(name)).doesNotExist();
      assertThat(memory.segment().get(LONG, 0)).isEqualTo(42);
      try (var next = SharedMemory.create(name, 16)) {
        memory.unlink();
        memory.close();
        assertThat(FOLDER.resolve(next.name())).exists();
      }
    }
  }

  @Test
  void attached_closedOrEnded_leavesTheName() throws Exception {
    String name = name();
    try (var memory = SharedMemory.create(name, 8)) {
      SharedMemory.attach(name).close();
      try (var child =
          ChildProcess.start(() -> SharedMemory.attach(name).segment().set(LONG, 0, 42))) {
        child.join();
        assertThat(child.failure()).isEmpty();
      }
      assertThat(memory.segment().get(LONG, 0)).isEqualTo(42);
      assertThat(FOLDER.resolve(name)).exists();
    }
  }

  @Test
  void handle_travelsManyTimes_isTheSameBytes() throws Exception {
    try (var memory = SharedMemory.create(1 << 20);
        var pool = Pool.processes(2)) {
      List<Long> numbers = LongStream.range(0, 200).boxed().toList();
      for (long number : numbers) {
        pool.submit(() -> memory.segment().setAtIndex(LONG, number, number)).get(10, SECONDS);
      }
      assertThat(numbers).allMatch(n -> memory.segment().getAtIndex(LONG, n) == n);
    }
  }

  @Test
  void handle_ofMuch_arrivesWhereThatWouldNotFit() throws Exception {
    long size = 1L << 28;
    assumeThat(FOLDER.toFile().getUsableSpace()).as("room in " + FOLDER).isGreaterThan(2 * size);
    try (var memory = SharedMemory.create(size)) {
      memory.segment().set(ValueLayout.JAVA_BYTE, size - 1, (byte) 42);
      try (var child =
          ChildProcess.call(
              options -> options.withMaxHeap("32m"),
              () -> {
                memory.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 7);
                return memory.segment().get(ValueLayout.JAVA_BYTE, size - 1);
              })) {
        assertThat(child.result().get(30, SECONDS)).isEqualTo((byte) 42);
      }
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
    }
  }

  @Test
  void handle_fileCutShortOrReplaced_isRefusedOnArrival() throws Exception {
    for (long size : List.of(0, 8, 10_000)) {
      String name = name();
      try (var memory = SharedMemory.create(name, 8192)) {
        memory.segment().set(LONG, 8184, 42);
        // another file takes its place: the memory that is mapped here stays as it is
        Files.delete(FOLDER.resolve(name));
        Files.write(FOLDER.resolve(name), new byte[(int) size]);
        try (var child = ChildProcess.call(() -> memory.segment().get(LONG, 8184))) {
          child.join();
          assertThat(child.failure().orElseThrow())
              .hasStackTraceContaining("cut short")
              .hasStackTraceContaining(name);
        }
        assertThat(memory.segment().get(LONG, 8184)).isEqualTo(42);
      } finally {
        Files.deleteIfExists(FOLDER.resolve(name));
      }
    }
  }

  @Test
  void handle_unlinkedBeforeItArrives_failsWithTheName() {
    String name = name();
    try (var memory = SharedMemory.create(name, 8);
        var pool = Pool.processes(1)) {
      memory.unlink();
      assertThatThrownBy(() -> pool.submit(() -> memory.segment().get(LONG, 0)).get(10, SECONDS))
          .hasStackTraceContaining(name);
    }
  }

  @Test
  void creator_ends_itsNamesGo() throws Exception {
    String name = name();
    try (var child = ChildProcess.start(() -> SharedMemory.create(name, 8))) {
      child.join();
      assertThat(child.failure()).isEmpty();
    }
    await(() -> Files.notExists(FOLDER.resolve(name)));
  }

  @Test
  void creator_isKilled_itsNamesAreSweptAndThoseAttachedGoOn() throws Exception {
    String name = name();
    try (var created = ProcessEvent.open()) {
      var creator =
          ChildProcess.start(
              () -> {
                SharedMemory.create(name, 8).segment().set(LONG, 0, 42);
                created.set();
                Thread.sleep(Duration.ofHours(1));
              });
      created.await();
      try (var attached = SharedMemory.attach(name)) {
        creator.kill();
        creator.join();
        try (var next = ChildProcess.start(() -> {})) {
          next.join();
        }
        await(() -> Files.notExists(FOLDER.resolve(name)));
        assertThat(attached.segment().get(LONG, 0)).isEqualTo(42);
      }
    }
  }

  /** A program that may not write so much to a file, as when the folder is full. */
  static final class Limited {
    public static void main(String[] args) throws IOException {
      try (var small = SharedMemory.create(8)) {
        long before = files();
        try (var memory = SharedMemory.create(args[0], 8 << 20)) {
          IO.println("created " + memory);
        } catch (UncheckedIOException e) {
          IO.println(e);
        }
        IO.println("left " + (files() - before) + Files.exists(FOLDER.resolve(args[0])));
        small.segment().set(LONG, 0, 42);
      }
    }
  }

  @Test
  void create_noRoomHalfWay_throwsAndLeavesNothing() throws Exception {
    String name = name();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 4096 && exec \"$@\"",
                "sh",
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Limited.class.getName(),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    List<String> lines = process.inputReader().readAllLines();
    assertThat(process.waitFor()).isZero();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("cannot create shared memory", name, "full");
    assertThat(lines.getLast()).isEqualTo("left 0false");
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + SECONDS.toNanos(10);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(Duration.ofMillis(5));
    }
  }

  // Python

  private static final String PYTHON =
      System.getProperty("PYTHON", System.getenv().getOrDefault("PYTHON", "python3"));

  private static final String ATTACH =
      """
      import sys
      from multiprocessing import shared_memory, resource_tracker
      def attach(name):
          try:
              return shared_memory.SharedMemory(name, track=False)
          except TypeError: # before 3.13
              memory = shared_memory.SharedMemory(name)
              resource_tracker.unregister(memory._name, "shared_memory")
              return memory
      """;

  /** Runs a program; what it prints. */
  private static String python(String program, String... arguments) throws Exception {
    Process process = startPython(program, arguments);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return output.strip();
  }

  private static Process startPython(String program, String... arguments) throws IOException {
    List<String> command =
        Stream.concat(Stream.of(PYTHON, "-c", program), Stream.of(arguments)).toList();
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void assumePython() {
    assumeThat(Os.current().name()).as("blocks are where Python has its own").isEqualTo("linux");
    String missing;
    try {
      missing = python("from multiprocessing import shared_memory").isEmpty() ? "" : "it prints";
    } catch (Exception | AssertionError e) {
      missing = e.toString();
    }
    assumeThat(missing)
        .as("CPython 3.8 or later, by the property or variable PYTHON, or python3: " + PYTHON)
        .isEmpty();
  }

  @Test
  void python_opensOurs_readsAndWritesItAndLeavesTheName() throws Exception {
    assumePython();
    String name = name();
    try (var memory = SharedMemory.create(name, 100)) {
      memory.segment().setString(0, "from Java");
      String printed =
          python(
              ATTACH
                  + """
                  memory = attach(sys.argv[1])
                  print(memory.size, bytes(memory.buf[:9]).decode())
                  memory.buf[50:61] = b"from Python"
                  memory.close()
                  """,
              name);
      assertThat(printed).isEqualTo("100 from Java");
      assertThat(memory.segment().getString(50)).isEqualTo("from Python");
      assertThat(FOLDER.resolve(name)).exists();
    }
  }

  @Test
  void python_itsBlockIsOpened_isReadAndWrittenAndLeftToIt() throws Exception {
    assumePython();
    String name = name();
    Process process =
        startPython(
            """
            import sys
            from multiprocessing import shared_memory
            memory = shared_memory.SharedMemory(sys.argv[1], create=True, size=100)
            memory.buf[:11] = b"from Python"
            print("created", flush=True)
            sys.stdin.readline()
            print(bytes(memory.buf[50:59]).decode(), flush=True)
            memory.close()
            memory.unlink()
            """,
            name);
    try (var in = process.inputReader();
        var out = process.outputWriter()) {
      assertThat(in.readLine()).isEqualTo("created");
      try (var memory = SharedMemory.attach(name)) {
        assertThat(memory.size()).isEqualTo(100);
        assertThat(memory.segment().getString(0)).isEqualTo("from Python");
        memory.segment().setString(50, "from Java");
      }
      assertThat(FOLDER.resolve(name)).exists();
      out.write("go on\n");
      out.flush();
      assertThat(in.readLine()).isEqualTo("from Java");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(FOLDER.resolve(name));
    }
    assertThat(FOLDER.resolve(name)).doesNotExist();
  }

  // scopes

  @Test
  void scope_ends_everythingIsClosedThoughSomethingFails() {
    String name = name();
    var scope = SharedMemoryScope.open();
    var memory = scope.memory(name, 8);
    var unnamed = scope.memory(8);
    scope.add(
        () -> {
          throw new IOException("expected");
        });
    var list = scope.list(List.of(1L));
    var array = scope.add(SharedArray.ofInts(1));

    assertThatThrownBy(scope::close)
        .isInstanceOf(IllegalStateException.class)
        .hasSuppressedException(new IOException("expected"));
    scope.close();

    assertThat(FOLDER.resolve(name)).doesNotExist();
    assertThat(FOLDER.resolve(unnamed.name())).doesNotExist();
    assertThatThrownBy(memory::segment).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> list.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> array.get(0)).isInstanceOf(IllegalStateException.class);
    String late = name();
    assertThatThrownBy(() -> scope.memory(late, 8)).isInstanceOf(IllegalStateException.class);
    assertThat(FOLDER.resolve(late)).doesNotExist();
  }
}
