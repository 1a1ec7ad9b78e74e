package dev.procession.internal.process;

import dev.procession.Execution;
import dev.procession.ExitStatus;
import dev.procession.ProcessStartException;
import dev.procession.TaskNotSerializableException;
import dev.procession.internal.channel.Abandoned;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.launch.Bodies;
import dev.procession.internal.launch.LaunchSpec;
import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.ParentClasses;
import dev.procession.internal.launch.Readiness;
import dev.procession.internal.launch.Standby;
import dev.procession.internal.launch.WorkerExit;
import dev.procession.internal.launch.WorkerListener;
import dev.procession.internal.launch.WorkerProcess;
import dev.procession.internal.launch.WorkerStartException;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.pool.Outcome;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One piece of code in a worker of its own. Thread-safe. */
public final class ProcessTask<T extends @Nullable Object> implements WorkerListener {
  private static final int MOST_READ_SECONDS = 2;

  private final WorkerProcess worker;
  private final String name;
  private final Frames code;
  private final Outcome.Reader results = new Outcome.Reader();

  /** What was read; null while the worker has not told it. */
  private volatile @Nullable CompletableFuture<Outcome> reading;

  private final CompletableFuture<WorkerProcess> started = new CompletableFuture<>();
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

  private ProcessTask(WorkerProcess worker, String name, Frames code) {
    this.worker = worker;
    this.name = name;
    this.code = code;
  }

  /**
   * Starts a worker, or takes one that waits, gives it the code, and returns when that is about to
   * run.
   *
   * @param code a callable or a runnable
   * @param standby whether to take one that waits; if it ends before it has begun, one is started
   */
  public static <T extends @Nullable Object> ProcessTask<T> start(
      LaunchSpec spec, String name, Object code, boolean standby) {
    Frames frames = encode(code);
    boolean given = false;
    try {
      ProcessTask<T> task = standby ? tryStandby(spec, name, frames) : null;
      if (task == null) {
        task = begin(WorkerProcess.start(spec, name), name, frames);
      }
      given = true;
      return task;
    } catch (WorkerStartException e) {
      throw new ProcessStartException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessStartException("interrupted while a process started: name=" + name, e);
    } finally {
      if (!given) {
        frames.discard();
      }
    }
  }

  private static <T extends @Nullable Object> @Nullable ProcessTask<T> tryStandby(
      LaunchSpec spec, String name, Frames code) throws InterruptedException {
    try {
      return begin(Standby.take(spec, name), name, code);
    } catch (WorkerStartException e) {
      return null; // it was killed while it waited; a new one will tell if there is more to it
    }
  }

  private static <T extends @Nullable Object> ProcessTask<T> begin(
      WorkerProcess worker, String name, Frames code)
      throws WorkerStartException, InterruptedException {
    ProcessTask<T> task = new ProcessTask<>(worker, name, code);
    worker.listen(task);
    task.give();
    boolean begun = false;
    try {
      Readiness.await(worker, task.started);
      begun = true;
      return task;
    } finally {
      if (!begun) {
        worker.kill();
      }
    }
  }

  private static Frames encode(Object code) {
    try {
      return Encoder.encode(code, ParentClasses.get());
    } catch (NotEncodableException e) {
      throw new TaskNotSerializableException(String.valueOf(e.getMessage()), e.getCause());
    } catch (UncheckedIOException e) {
      throw new ProcessStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private void give() {
    Frames nameFrame = Encoder.encode(name, ParentClasses.get());
    // if there is no room, the worker is gone, which ends this task
    boolean _ =
        worker.link().define(code.shapes())
            && worker.link().send(Message.PROCESS, Bodies.process(nameFrame, code));
  }

  @Override
  public void received(int type, ByteBuffer body) {
    if (type == Message.STARTED) {
      started.complete(worker);
      return;
    }
    Outcome outcome = results.take(type, body);
    if (outcome != null && outcome.chunk() == 0) {
      started.complete(worker); // it may have failed before it began
      // reading it, and whatever hangs on the future, is the user's code
      CompletableFuture<Outcome> read =
          CompletableFuture.supplyAsync(outcome::read, SystemThreads::run);
      reading = read;
      var _ = read.thenAccept(this::complete);
    }
  }

  @SuppressWarnings("unchecked")
  private void complete(Outcome read) {
    Throwable failure = read.failure();
    if (failure == null) {
      result.complete((T) read.value());
    } else {
      result.completeExceptionally(failure);
    }
  }

  @Override
  public void exited(WorkerExit ended) {
    WorkerStartException notBegun = new WorkerStartException(worker.diedBeforeReady(ended), null);
    if (!started.completeExceptionally(notBegun)) {
      code.discard();
    }
    CompletableFuture<Outcome> told = reading;
    Throwable death = Outcome.died(ended, "process " + name, Execution.STARTED, null);
    SystemThreads.run(
        () -> {
          if (told == null) {
            result.completeExceptionally(death);
          } else {
            awaitRead(told);
          }
          Abandoned.sweep();
          exit.complete(Outcome.status(ended));
        });
  }

  /** Who has seen the end finds the result, unless its own class takes for ever to read it. */
  private void awaitRead(CompletableFuture<Outcome> told) {
    try {
      complete(told.get(MOST_READ_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      return; // the result's matter; the process has ended
    }
  }

  public CompletableFuture<T> result() {
    return result;
  }

  public CompletableFuture<ExitStatus> exit() {
    return exit;
  }

  public long pid() {
    return worker.pid();
  }

  public String output() {
    return worker.outputTail();
  }

  public String errorOutput() {
    return worker.errorTail();
  }

  public void interrupt() {
    worker.link().interrupt();
  }

  public void terminate() {
    worker.terminate();
  }

  public void kill() {
    worker.kill();
  }
}
