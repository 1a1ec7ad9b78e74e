package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache that makes workers start faster, of which nobody shall notice anything else. */
class AotCacheTest {
  private static final String SOURCE =
      """
      package app;

      import dev.procession.Pool;
      import dev.procession.ProcessPoolOptions;
      import java.nio.file.DirectoryStream;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.util.function.UnaryOperator;

      public final class Main {
        public static void main(String[] arguments) throws Exception {
          String folder = System.getProperty("dev.procession.aot");
          show("default", folder, o -> o);
          if (arguments.length == 0) {
            show("heap", folder, o -> o.withMaxHeap("64m").withClassPath(Path.of("other.jar")));
            show("collector", folder, o -> o.withJvmOptions("-XX:+UseG1GC"));
            return;
          }
          while (!isThere(Path.of(folder), arguments[0])) {
            Thread.sleep(5);
          }
        }

        static void show(String what, String folder, UnaryOperator<ProcessPoolOptions> options)
            throws Exception {
          try (Pool pool = Pool.processes(o -> options.apply(o.withWorkers(1)))) {
            System.out.println(what + ' ' + pool.submit(() -> uses(folder)).get());
          }
        }

        /** Whether this JVM has mapped a file of that folder. */
        static boolean uses(String folder) throws Exception {
          return Files.readString(Path.of("/proc/self/maps")).contains(folder);
        }

        static boolean isThere(Path folder, String files) throws Exception {
          try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, files)) {
            return found.iterator().hasNext();
          }
        }
      }
      """;

  @TempDir Path folder;
  private Path cache;
  private String classPath;

  @BeforeEach
  void compile() throws IOException {
    Path classes =
        Sources.compile(
            folder.resolve("classes"), Sources.LIBRARY.toString(), Map.of("app/Main.java", SOURCE));
    cache = folder.resolve("cache");
    classPath = Sources.LIBRARY + File.pathSeparator + classes;
  }

  @Test
  void cache_programLivesLongEnough_isMadeAndUsedByTheNext()
      throws IOException, InterruptedException {
    try (Program first = program("workers-*.aot")) {
      first.assertPrints("default false\n");
    }
    List<Path> made = files();
    assertThat(made).hasSize(1);
    try (Program second = program()) {
      second.assertPrints("default true\nheap true\ncollector false\n");
    }
    assertThat(files()).isEqualTo(made);
  }

  @Test
  void cache_folderHasOtherFiles_onlyOldHalvesOfCachesGo()
      throws IOException, InterruptedException {
    Path half = Sources.write(cache.resolve("making-1.aot"), "half");
    Path other = Sources.write(cache.resolve("notes.txt"), "of the user");
    Path otherFolder = Sources.write(cache.resolve("more/notes.txt"), "of the user").getParent();
    for (Path old : List.of(half, other, otherFolder)) {
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    }
    try (Program program = program("workers-*.aot")) {
      program.assertPrints("default false\n");
    }
    assertThat(half).doesNotExist();
    assertThat(other).exists();
    assertThat(otherFolder).exists();
  }

  /** While the worker records, and while the JVM that it starts at its end makes the cache. */
  @ParameterizedTest
  @ValueSource(strings = {"making-*.aot", "making-*.aot.config"})
  void cache_programEndsWhileItIsMade_leavesNothing(String stage)
      throws IOException, InterruptedException {
    try (Program program = program(stage)) {
      program.assertPrints("default false\n");
    }
    assertThat(files()).isEmpty();
  }

  private Program program(String... arguments) throws IOException {
    Stream<String> launch =
        Stream.of("-Ddev.procession.aot=" + cache, "-cp", classPath, "app.Main");
    return Program.java(Stream.concat(launch, Stream.of(arguments)).toArray(String[]::new));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.toList();
    }
  }
}
