package dev.procession.internal.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An AOT cache (JEP 483, 514) for the start of workers: their classes loaded and linked ahead. It
 * is made once for each user, JDK and version of this library, in the background, by a worker that
 * does some sample work while the JVM records, and is then ready for the next program.
 *
 * <p>A cache fits only a JVM of the same build whose class path begins with the same jar and whose
 * module options are the same; a JVM that is given another drops the JDK's own archive as well. So
 * it is used only where it fits for sure.
 */
final class AotCache {
  /** System property: a folder for the cache, or {@code off}. */
  static final String PROPERTY = "dev.procession.aot";

  /** So that a program that only starts a few workers is not slowed by the making. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final long MAKING_SECONDS = 60;

  /** After this, a cache that is being made never will be. */
  private static final Duration UNFINISHED = Duration.ofMinutes(10);

  private static final int MOST_CACHES = 4;

  private static final AtomicBoolean MAKING = new AtomicBoolean();

  private AotCache() {}

  /** The cache that a worker of the spec can start with, or null. */
  static @Nullable Path fitting(LaunchSpec spec) {
    Path path = Holder.PATH;
    if (path == null || !isPlain(spec)) {
      return null;
    }
    return Files.exists(path) ? path : null;
  }

  private static boolean isPlain(LaunchSpec spec) {
    if (spec.javaHome() != null || spec.ownClassesOnly()) {
      return false;
    }
    for (String option : spec.jvmOptions()) {
      // heap sizes do not matter to the archive; of anything else we do not know
      if (!option.startsWith("-Xmx") && !option.startsWith("-Xms") && !option.startsWith("-D")) {
        return false;
      }
    }
    return true;
  }

  /** Makes the cache in the background, once, if it is missing and could be used. */
  static void makeIfMissing(LaunchSpec spec) {
    Path path = Holder.PATH;
    if (path == null
        || Files.exists(path)
        || !isPlain(spec)
        || !MAKING.compareAndSet(false, true)) {
      return;
    }
    Thread.ofPlatform().daemon().name("procession-shared-aot").start(() -> make(path));
  }

  private static void make(Path place) {
    Path folder = place.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try {
      Thread.sleep(PAUSE);
      tidy(folder);
      Path made = Files.createTempFile(folder, "making-", ".aot");
      try {
        record(made);
        Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(made);
        Files.deleteIfExists(Path.of(made + ".config"));
      }
    } catch (IOException | WorkerStartException e) {
      return; // workers only start slower; the next program tries again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes what programs that ended too soon have left, and caches of versions long replaced. */
  private static void tidy(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(files::add);
    }
    FileTime old = FileTime.from(Instant.now().minus(UNFINISHED));
    files.sort(Comparator.comparing(AotCache::modified).reversed());
    int caches = 0;
    for (Path file : files) {
      boolean cache = String.valueOf(file.getFileName()).startsWith("workers-");
      boolean unfinished = !cache && modified(file).compareTo(old) < 0;
      if (unfinished || (cache && ++caches > MOST_CACHES)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // somebody else tidies too
    }
  }

  private static void record(Path made)
      throws IOException, WorkerStartException, InterruptedException {
    LaunchSpec recording =
        new LaunchSpec(
            null,
            List.of("-XX:AOTCacheOutput=" + made),
            Map.of(),
            Map.of(),
            null,
            true,
            List.of(),
            LaunchSpec.OutputMode.DISCARDED,
            Duration.ofMinutes(1));
    WorkerProcess worker = WorkerProcess.start(recording, "aot-cache");
    Rehearsal.send(worker);
    boolean _ = worker.send(Message.END, new byte[0]);
    try {
      worker.ended().get(MAKING_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      worker.kill();
    }
    if (Files.size(made) == 0) {
      throw new IOException("no cache was written");
    }
  }

  private static final class Holder {
    static final @Nullable Path PATH = find();

    private static @Nullable Path find() {
      String configured = System.getProperty(PROPERTY, "");
      if (configured.equals("off") || JavaCommand.isModular()) {
        return null;
      }
      try {
        Path jar = OwnJar.path();
        if (!Files.isRegularFile(jar)) {
          return null; // a folder of classes is never archived
        }
        Path folder = configured.isEmpty() ? userFolder() : Path.of(configured);
        Files.createDirectories(folder);
        return folder.resolve(fileName(jar));
      } catch (IOException | WorkerStartException | UncheckedIOException e) {
        return null; // without a cache workers only start slower
      }
    }

    private static Path userFolder() {
      String cache = System.getenv("XDG_CACHE_HOME");
      Path folder =
          cache == null || cache.isEmpty()
              ? Path.of(System.getProperty("user.home", "."), ".cache")
              : Path.of(cache);
      return folder.resolve("procession");
    }

    /** The JVM checks path, size and time of the jar, so a cache is for one jar in one place. */
    private static String fileName(Path jar) throws IOException {
      List<String> parts = new ArrayList<>();
      parts.add(System.getProperty("java.home", ""));
      parts.add(System.getProperty("java.vm.version", ""));
      parts.add(jar.toString());
      parts.add(String.valueOf(Files.size(jar)));
      parts.add(String.valueOf(Files.getLastModifiedTime(jar).toMillis()));
      String version = System.getProperty("java.vm.version", "").replaceAll("[^0-9A-Za-z.]", "_");
      return "workers-" + version + '-' + Integer.toHexString(parts.hashCode()) + ".aot";
    }
  }
}
