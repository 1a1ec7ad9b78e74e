package dev.procession.internal.launch;

import dev.procession.internal.os.SystemThreads;
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

  /** No cache is used or made. */
  static final String OFF = "off";

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
    SystemThreads.own().daemon().name("procession-shared-aot").start(() -> make(path));
  }

  private static void make(Path place) {
    Path folder = place.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try {
      Thread.sleep(PAUSE);
      tidy(folder);
      try (Making making = new Making(folder)) {
        making.record();
        Files.move(making.made, place, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException | WorkerStartException e) {
      return; // workers only start slower; the next program tries again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Deletes what programs that ended too soon have left, and caches of versions long replaced. The
   * folder may be a user's, with any other files in it.
   */
  private static void tidy(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(folder, "{making,workers}-*.{aot,config}")) {
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

  /**
   * The making of a cache, by a worker whose JVM starts another one at its end. Neither of them,
   * and no half of a file, stays when this process ends meanwhile.
   */
  private static final class Making implements AutoCloseable {
    private static final long DEATH_SECONDS = 1;

    private final Path made;
    private final Thread hook = SystemThreads.own().name("procession-aot-end").unstarted(this::end);

    /** Guarded by this. */
    private @Nullable WorkerProcess worker;

    /** Guarded by this. */
    private boolean ended;

    /** The hook comes before the file: this process may end in between. */
    Making(Path folder) throws IOException {
      String name = "making-" + ProcessHandle.current().pid() + '-' + System.nanoTime() + ".aot";
      made = folder.resolve(name);
      try {
        Runtime.getRuntime().addShutdownHook(hook);
      } catch (IllegalStateException e) {
        throw new IOException("this process ends", e);
      }
      create();
    }

    private synchronized void create() throws IOException {
      if (!ended) {
        Files.createFile(made);
      }
    }

    void record() throws IOException, WorkerStartException, InterruptedException {
      try {
        start().ended().get(MAKING_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("making a cache takes too long", e);
      }
      if (Files.size(made) == 0) {
        throw new IOException("no cache was written");
      }
    }

    /**
     * Without profiles of the methods that ran: with them, a JVM compiles those methods as soon as
     * it can, which costs a worker some 25 ms of processor time around its first task.
     */
    private static List<String> recording(Path target) {
      return List.of(
          "-XX:AOTCacheOutput=" + target,
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTRecordTraining");
    }

    private synchronized WorkerProcess start() throws IOException, WorkerStartException {
      if (ended) {
        throw new IOException("this process ends");
      }
      LaunchSpec recording =
          new LaunchSpec(
              null,
              recording(made),
              Map.of(),
              Map.of(),
              null,
              true,
              List.of(),
              LaunchSpec.OutputMode.DISCARDED,
              Duration.ofMinutes(1));
      WorkerProcess started = WorkerProcess.start(recording, "aot-cache");
      worker = started;
      Rehearsal.send(started);
      Rehearsal.sendLast(started);
      return started;
    }

    @Override
    public void close() {
      end();
      try {
        boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        return; // it runs, and finds nothing to do
      }
    }

    private synchronized void end() {
      if (ended) {
        return;
      }
      ended = true;
      try {
        kill();
        Files.deleteIfExists(made);
        Files.deleteIfExists(Path.of(made + ".config"));
      } catch (IOException e) {
        return; // tidied up some day
      }
    }

    private void kill() {
      WorkerProcess started = worker;
      if (started == null || started.ended().isDone()) {
        return;
      }
      List<ProcessHandle> assemblers = started.handle().descendants().toList();
      started.kill();
      assemblers.forEach(ProcessHandle::destroyForcibly);
      try {
        started.ended().get(DEATH_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        return; // it is killed, whatever it is waiting for
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Holder {
    static final @Nullable Path PATH = find();

    private static @Nullable Path find() {
      String configured = System.getProperty(PROPERTY, "");
      if (configured.equals(OFF) || JavaCommand.isModular()) {
        return null;
      }
      try {
        Path jar = OwnJar.path();
        if (!Files.isRegularFile(jar) || OwnJar.isCopy()) {
          return null; // a folder of classes is never archived; a copy is another in each program
        }
        Path folder = configured.isEmpty() ? userFolder() : Path.of(configured).toAbsolutePath();
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
