package dev.procession.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program whose folders for shared memory are all full. They are a small tmpfs in a mount
 * namespace of the program's own, which ends with it; where a user may not have one, this is
 * skipped.
 */
@Timeout(60)
class FullFolderTest {
  private static final String MOUNT =
      "mount -t tmpfs -o size=1m tmpfs \"$0\" && mount --bind \"$0\" /dev/shm && exec \"$@\"";

  @TempDir Path folder;

  record Pair(long one, long other) {}

  /** The program: prints what is wrong, and what each attempt says. */
  static final class Full {
    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      try (var scope = SharedMemoryScope.open()) {
        var memory = scope.memory("before", 64);
        var number = scope.add(SharedLong.open(1));
        var array = scope.add(SharedArray.ofInts(1, 2, 3));
        var struct = scope.add(SharedStruct.open(new Pair(1, 1)));
        var list = scope.add(SharedList.open(List.of("old")));

        Object before = names(folder);
        attempt("memory", () -> SharedMemory.create("named", 4 << 20));
        attempt("unnamed", () -> SharedMemory.create(4 << 20));
        attempt("array", () -> SharedArray.longs(1 << 20));
        attempt("list", () -> SharedList.open(List.of(1L), 4 << 20));
        attempt("structs", () -> SharedStructArray.open(Pair.class, 1 << 20));
        check("left nothing", names(folder).equals(before));

        Path filler = fill(folder);
        before = names(folder);
        attempt("number", () -> SharedLong.open(1));
        attempt("struct", () -> SharedStruct.open(new Pair(1, 1)));
        attempt("copy", array::copy);
        attempt("scope", () -> scope.memory("late", 1));
        check("left nothing in the end", names(folder).equals(before));

        memory.segment().fill((byte) 1);
        check("number", number.incrementAndGet() == 2);
        array.lock().lock();
        try {
          array.set(2, array.get(1));
        } finally {
          array.lock().unlock();
        }
        check("array", List.of(1, 2, 2).equals(array.stream().boxed().toList()));
        check("struct", struct.updateAndGet(p -> new Pair(2, 2)).equals(new Pair(2, 2)));
        check("list", "old".equals(list.set(0, "new")) && list.contains("new"));
        try (var attached = SharedMemory.attach("before")) {
          check("attached", attached.segment().byteSize() == 64);
        }

        Files.delete(filler);
        check("room again", scope.add(SharedArray.ofInts(1)).get(0) == 1);
      }
      check("nothing at the end", names(folder).isEmpty());
    }

    private static void attempt(String what, Callable<?> creation) throws Exception {
      try {
        IO.println("NOT REFUSED " + what + ": " + creation.call());
      } catch (UncheckedIOException e) {
        IO.println("refused " + what + ": " + e.getMessage());
      }
    }

    private static void check(String what, boolean holds) {
      IO.println((holds ? "right " : "WRONG ") + what);
    }

    private static Set<Path> names(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return Set.copyOf(files.toList());
      }
    }

    /** Takes what room is left. */
    private static Path fill(Path folder) throws IOException {
      Path filler = folder.resolve("filler");
      try (var out = Files.newOutputStream(filler, StandardOpenOption.CREATE_NEW)) {
        while (true) {
          out.write(new byte[4096]);
        }
      } catch (IOException e) {
        return filler; // full
      }
    }
  }

  @Test
  void create_everyFolderIsFull_throwsLeavesNothingAndTheRestGoesOn() throws Exception {
    assumeThat(unshare(List.of("true")).output())
        .as("a mount namespace of its own, and a tmpfs in it")
        .isEmpty();
    Ended program =
        unshare(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-Ddev.procession.folder=" + folder,
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Full.class.getName(),
                folder.toString()));

    List<String> refused = program.output().lines().filter(l -> l.startsWith("refused")).toList();
    assertThat(program.output()).doesNotContain("NOT REFUSED", "WRONG");
    assertThat(program.code()).as(program.output()).isZero();
    assertThat(refused)
        .hasSize(9)
        .allSatisfy(line -> assertThat(line).contains("full", "-Ddev.procession.folder=FOLDER"));
    assertThat(program.output()).contains("right room again", "right nothing at the end");
  }

  private record Ended(int code, String output) {}

  /** Runs a command in a mount namespace where every folder for shared memory has 1 MiB. */
  private Ended unshare(List<String> command) throws Exception {
    List<String> all = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", MOUNT));
    Collections.addAll(all, folder.toString());
    all.addAll(command);
    try {
      Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), output);
    } catch (IOException e) {
      return new Ended(-1, "no unshare: " + e);
    }
  }
}
