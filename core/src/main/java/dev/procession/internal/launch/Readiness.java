package dev.procession.internal.launch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting until a worker has said hello. */
public final class Readiness {
  private Readiness() {}

  /**
   * Waits for the hello.
   *
   * @throws WorkerStartException if the worker ends, or says nothing in the time that its spec
   *     gives it; it is killed then
   * @throws InterruptedException if interrupted; the worker goes on
   */
  public static void await(WorkerProcess worker) throws WorkerStartException, InterruptedException {
    await(worker, worker.ready());
  }

  /**
   * Waits for a sign of life.
   *
   * @param sign completed by the worker
   * @throws WorkerStartException if the worker ends, or the sign does not come in the time that its
   *     spec gives it; it is killed then
   * @throws InterruptedException if interrupted; the worker goes on
   */
  public static void await(WorkerProcess worker, CompletableFuture<WorkerProcess> sign)
      throws WorkerStartException, InterruptedException {
    try {
      sign.get(worker.spec().startTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WorkerStartException failure) {
        throw new WorkerStartException(String.valueOf(failure.getMessage()), failure);
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      worker.kill();
      throw new WorkerStartException(worker.notReadyInTime(), e);
    }
  }
}
