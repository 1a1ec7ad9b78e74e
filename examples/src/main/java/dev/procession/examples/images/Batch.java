package dev.procession.examples.images;

import dev.procession.Pool;
import dev.procession.WorkerDiedException;
import dev.procession.WorkerStats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pictures that were converted by a pool.
 *
 * @param outcomes one for each picture, in their order
 * @param retries how often a picture was given to another worker because its own had died
 * @param workers what each has done
 * @param time from before the first worker's start until the last picture's end
 */
record Batch(List<Outcome> outcomes, int retries, List<WorkerStats> workers, Duration time) {

  /** Converts pictures. */
  static Batch run(List<Path> pictures, Path target, int workers, Progress progress) {
    long begin = System.nanoTime();
    try (Pool pool = open("images", workers)) {
      Tasks tasks = new Tasks(pool, target, progress, new AtomicInteger());
      List<CompletableFuture<Outcome>> futures = pictures.stream().map(tasks::convert).toList();
      List<Outcome> outcomes = futures.stream().map(CompletableFuture::join).toList();
      Duration time = Duration.ofNanos(System.nanoTime() - begin);
      // while the workers live: their memory cannot be asked for afterwards
      return new Batch(outcomes, tasks.retries().get(), pool.stats().workers(), time);
    }
  }

  /** A pool whose workers need no display. */
  static Pool open(String name, int workers) {
    return Pool.processes(
        options ->
            options
                .withName(name)
                .withWorkers(workers)
                .withSystemProperty("java.awt.headless", "true"));
  }

  /** Each picture is a task, so that its end is seen, and another try costs no other. */
  private record Tasks(Pool pool, Path target, Progress progress, AtomicInteger retries) {
    /** The future never fails: that is an outcome, too. */
    CompletableFuture<Outcome> convert(Path picture) {
      String name = picture.getFileName().toString();
      return submit(picture)
          .exceptionallyCompose(
              failure ->
                  failure instanceof WorkerDiedException death
                      ? retry(picture, name, death)
                      : CompletableFuture.failedFuture(failure))
          .exceptionally(failure -> new FailedPicture(name, reason(failure)))
          .whenComplete((_, _) -> progress.step());
    }

    private CompletableFuture<Outcome> submit(Path picture) {
      // a Path cannot travel
      String source = picture.toString();
      String folder = target.toString();
      return pool.submit(() -> Conversion.convert(Path.of(source), Path.of(folder)));
    }

    private CompletableFuture<Outcome> retry(Path picture, String name, WorkerDiedException death) {
      progress.say("retried: " + name + ", " + death(death));
      retries.incrementAndGet();
      return submit(picture);
    }

    private static String reason(Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return cause instanceof WorkerDiedException death
          ? death(death) + ", as another before"
          : cause.toString().lines().findFirst().orElse("");
    }

    private static String death(WorkerDiedException death) {
      String how = death.exitStatus().bySignal() ? "was killed" : "ended";
      return "its worker (pid " + death.pid() + ") " + how + ": " + death.exitStatus();
    }
  }
}
