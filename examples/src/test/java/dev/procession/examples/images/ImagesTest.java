package dev.procession.examples.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procession.examples.images.TargetFolder.Kind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a whole: on small pictures, broken ones, and with workers that are killed. */
class ImagesTest {
  private static final long PATIENCE_SECONDS = 30;

  @TempDir private Path folder;

  private Path pictures;
  private Path target;

  @BeforeEach
  void paintPictures() throws IOException {
    pictures = Files.createDirectory(folder.resolve("pictures"));
    target = folder.resolve("results");
    PictureFiles.writeJpeg(new Landscape(1, 300, 200).paint(), 0.9F, pictures.resolve("one.jpg"));
    PictureFiles.writeJpeg(new Landscape(2, 200, 300).paint(), 0.9F, pictures.resolve("two.JPEG"));
    PictureFiles.writePng(new Landscape(3, 600, 400).paint(), pictures.resolve("three.png"));
  }

  @Test
  void convertsPicturesAndNamesTheBrokenOne() throws IOException {
    Files.writeString(pictures.resolve("broken.jpg"), "this is no picture");
    Files.writeString(pictures.resolve("notes.txt"), "this does not want to be one");

    Run run = Run.of(pictures.toString(), "--out", target.toString(), "--workers", "2");

    assertThat(run.exitCode).isZero();
    assertResults("one.jpg", "one.jpg", 300, 200, 256, 171);
    assertResults("two.JPEG", "two.JPEG", 200, 300, 171, 256);
    assertResults("three.png", "three.png.jpg", 600, 400, 256, 171);
    assertThat(run.output)
        .contains("failed: 1 of 4", "broken.jpg: java.io.IOException: not a picture")
        .doesNotContain("notes.txt")
        .containsPattern("in parallel, workers: 2 +[0-9.]+ s")
        .containsPattern("in sequence, in one worker like them +[0-9.]+ s")
        .containsPattern("speed-up +[0-9.]+")
        .containsPattern("(?m)^worker +pid +tasks +busy +peak memory$");
    assertThat(run.progress).contains("4/4").contains("s left");
    assertThat(target.resolve("grey").resolve("broken.jpg")).doesNotExist();
  }

  @Test
  void failsIfNothingCouldBeConverted() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(broken.resolve("broken.png"), "this is no picture");

    Run run = Run.of(broken.toString(), "--no-comparison", "--workers", "1");

    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output).contains("failed: 1 of 1").doesNotContain("speed-up");
  }

  @Test
  void retriesPictureWhoseWorkerWasKilled() throws Exception {
    Path held = pictures.resolve("held.jpg");
    makePipe(held);
    Future<Run> run =
        Run.started(pictures.toString(), "--out", target.toString(), "--workers", "2");

    List<Long> killed;
    try (OutputStream _ = whenRead(held)) {
      Files.delete(held);
      PictureFiles.writeJpeg(new Landscape(4, 300, 200).paint(), 0.9F, held);
      killed = killWorkers();
    }

    Run ended = run.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(ended.exitCode).isZero();
    assertThat(ended.output)
        .containsPattern(
            "(?m)^retried: held.jpg, its worker \\(pid "
                + alternatives(killed)
                + "\\) was killed: signal 9 \\(KILL\\)$")
        .containsPattern("(?m)^retries: [1-9]")
        .contains("died")
        .contains("failed: 0 of 4");
    assertResults("held.jpg", "held.jpg", 300, 200, 256, 171);
    assertResults("one.jpg", "one.jpg", 300, 200, 256, 171);
    assertResults("two.JPEG", "two.JPEG", 200, 300, 171, 256);
    assertResults("three.png", "three.png.jpg", 600, 400, 256, 171);
  }

  @Test
  void givesUpPictureWhoseWorkersWereKilledTwice() throws Exception {
    Path held = pictures.resolve("held.jpg");
    makePipe(held);
    Future<Run> run =
        Run.started(
            pictures.toString(), "--out", target.toString(), "--workers", "1", "--no-comparison");

    for (int i = 0; i < 2; i++) {
      try (OutputStream _ = whenRead(held)) {
        // the next worker is to wait for the next round, not to see this one's end
        Files.delete(held);
        makePipe(held);
        killWorkers();
      }
    }

    Run ended = run.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(ended.exitCode).isZero();
    assertThat(ended.output)
        .contains("failed: 1 of 4")
        .containsPattern("held.jpg: its worker .* was killed: signal 9 \\(KILL\\), as another");
    assertResults("one.jpg", "one.jpg", 300, 200, 256, 171);
  }

  @Test
  void explainsItsUsage() {
    assertThat(Run.of("--help").exitCode).isZero();
    assertThat(Run.of("--help").output).startsWith("Usage: ./run images");
    for (String[] wrong :
        new String[][] {
          {"--workers"},
          {"--workers", "0"},
          {"--workers", "x"},
          {"--fast"},
          {"a", "b"},
          {folder.resolve("missing").toString()},
          {folder.toString()}
        }) {
      Run run = Run.of(wrong);
      assertThat(run.exitCode).isEqualTo(2);
      assertThat(run.progress).startsWith("images: ").contains("Usage: ./run images");
    }
  }

  private void assertResults(
      String picture, String file, int width, int height, int thumbnailWidth, int thumbnailHeight)
      throws IOException {
    for (Kind kind : Kind.values()) {
      BufferedImage image = PictureFiles.read(target.resolve(kind.folder()).resolve(file));
      boolean small = kind == Kind.THUMBNAIL;
      assertThat(image.getWidth()).isEqualTo(small ? thumbnailWidth : width);
      assertThat(image.getHeight()).isEqualTo(small ? thumbnailHeight : height);
    }
    assertThat(target.resolve(PictureList.NAME))
        .content()
        .containsPattern("(?m)^" + picture + "\t" + width + "\t" + height + "\t[1-9][0-9.]+$");
  }

  private static void makePipe(Path path) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no named pipes here");
    Process process = new ProcessBuilder("/usr/bin/mkfifo", path.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  /** Opens a pipe when a worker reads it, which then waits for what is never written. */
  private static OutputStream whenRead(Path pipe) throws Exception {
    return inThread(() -> Files.newOutputStream(pipe, StandardOpenOption.WRITE))
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static <T> Future<T> inThread(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().daemon().start(future);
    return future;
  }

  private static List<Long> killWorkers() {
    List<Long> pids = new ArrayList<>();
    try (Stream<ProcessHandle> processes = ProcessHandle.current().descendants()) {
      processes.filter(ProcessHandle::destroyForcibly).forEach(worker -> pids.add(worker.pid()));
    }
    return pids;
  }

  private static String alternatives(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("|", "(", ")"));
  }

  /** A run of the program in this JVM, and what it printed. */
  private record Run(int exitCode, String output, String progress) {
    static Future<Run> started(String... arguments) {
      return inThread(() -> of(arguments));
    }

    static Run of(String... arguments) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      ByteArrayOutputStream progress = new ByteArrayOutputStream();
      int exitCode =
          Images.run(
              new PrintStream(output, true, StandardCharsets.UTF_8),
              new PrintStream(progress, true, StandardCharsets.UTF_8),
              arguments);
      return new Run(
          exitCode,
          output.toString(StandardCharsets.UTF_8),
          progress.toString(StandardCharsets.UTF_8));
    }
  }
}
