package dev.procession;

import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.launch.LaunchSpec;
import dev.procession.internal.launch.Self;
import dev.procession.internal.launch.Standby;
import dev.procession.internal.launch.WorkerStartException;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.process.ProcessTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs a piece of Java code, in a JVM of its own.
 *
 * {@snippet :
 * var child = ChildProcess.start(() -> IO.println("hello from " + ProcessHandle.current().pid()));
 * child.join();
 *
 * int answer = ChildProcess.call(() -> 6 * 7).result().join();
 * }
 *
 * <p>The code is a lambda or method reference; what it captures is copied to the process, see
 * {@link dev.procession.function}. It runs in the new JVM's main thread. The process ends when the
 * code has ended, and all non-daemon threads that it has started: with exit code 0, or with 1 if
 * the code has thrown, after printing the stack trace to its standard error behind the process's
 * name. Standard input of the process is empty.
 *
 * <p><b>Ownership.</b> At the end of {@code main}, this process waits for those that it has
 * started, unless they are {@linkplain ProcessOptions#withDaemon daemons}. If it ends otherwise
 * ({@code System.exit}, a kill, a crash), they end within a second, and so do processes that they
 * have started. {@link #close} waits for the process's end.
 *
 * <p><b>Threads.</b> All methods are for any thread. An instance cannot travel to another process.
 *
 * <p><b>Failure.</b> Whatever happens to the process, {@link #join} returns and {@link #result} is
 * done: with the value, with what the code threw, or with a {@link WorkerDiedException} if the
 * process ended without saying how the code did. A thread that waits can be interrupted; the
 * process goes on.
 *
 * <p><b>The interrupt key</b> of a terminal reaches this process only: its children ignore it, so
 * that what it means is decided here.
 *
 * @param <T> type of the code's result; {@link Void} if it has none
 */
public final class ChildProcess<T extends @Nullable Object> implements AutoCloseable {
  private static final AtomicLong COUNT = new AtomicLong();
  private static final Set<ChildProcess<?>> ACTIVE = ConcurrentHashMap.newKeySet();

  private final String name;
  private final boolean daemon;
  private final ProcessTask<T> task;
  private final CompletableFuture<ChildProcess<T>> exit = new CompletableFuture<>();

  private ChildProcess(String name, boolean daemon, ProcessTask<T> task) {
    this.name = name;
    this.daemon = daemon;
    this.task = task;
  }

  /**
   * Runs code in a new process.
   *
   * @param code what it runs
   * @return the process, running
   * @throws TaskNotSerializableException if the code captures something that cannot travel
   * @throws ProcessStartException if the JVM cannot be started, or ends before it is ready, or the
   *     thread is interrupted meanwhile (the interrupt is restored); nothing is left of it
   */
  public static ChildProcess<@Nullable Void> start(SerializableRunnable code) {
    return start(options -> options, code);
  }

  /**
   * Runs code in a new process with options.
   *
   * @param options makes the options from the default ones
   * @param code what it runs
   * @return the process, running
   * @throws TaskNotSerializableException if the code captures something that cannot travel
   * @throws ProcessStartException if the JVM cannot be started, or ends before it is ready, or the
   *     thread is interrupted meanwhile (the interrupt is restored); nothing is left of it
   */
  public static ChildProcess<@Nullable Void> start(
      UnaryOperator<ProcessOptions> options, SerializableRunnable code) {
    return startCode(options, code);
  }

  /**
   * Runs code that returns a value in a new process.
   *
   * @param <T> type of the value
   * @param code what it runs
   * @return the process, running; {@link #result} will have the value
   * @throws TaskNotSerializableException if the code captures something that cannot travel
   * @throws ProcessStartException if the JVM cannot be started, or ends before it is ready, or the
   *     thread is interrupted meanwhile (the interrupt is restored); nothing is left of it
   */
  public static <T extends @Nullable Object> ChildProcess<T> call(SerializableCallable<T> code) {
    return call(options -> options, code);
  }

  /**
   * Runs code that returns a value in a new process with options.
   *
   * @param <T> type of the value
   * @param options makes the options from the default ones
   * @param code what it runs
   * @return the process, running; {@link #result} will have the value
   * @throws TaskNotSerializableException if the code captures something that cannot travel
   * @throws ProcessStartException if the JVM cannot be started, or ends before it is ready, or the
   *     thread is interrupted meanwhile (the interrupt is restored); nothing is left of it
   */
  public static <T extends @Nullable Object> ChildProcess<T> call(
      UnaryOperator<ProcessOptions> options, SerializableCallable<T> code) {
    return startCode(options, code);
  }

  private static <T extends @Nullable Object> ChildProcess<T> startCode(
      UnaryOperator<ProcessOptions> options, Object code) {
    ProcessOptions chosen = options.apply(ProcessOptions.defaults());
    String chosenName = chosen.name();
    String name = chosenName == null ? "process-" + COUNT.incrementAndGet() : chosenName;
    LaunchSpec spec = chosen.jvm().toSpec();
    ProcessTask<T> task =
        ProcessTask.start(spec, name, code, chosen.jvm().startMode() == StartMode.STANDBY);
    ChildProcess<T> process = new ChildProcess<>(name, chosen.daemon(), task);
    process.register();
    return process;
  }

  private void register() {
    ACTIVE.add(this);
    CountDownLatch waiting = new CountDownLatch(1);
    var _ =
        task.exit()
            .thenRun(
                () -> {
                  ACTIVE.remove(this);
                  exit.completeAsync(() -> this, SystemThreads::run);
                  waiting.countDown();
                });
    if (!daemon) {
      Thread.ofPlatform().name("procession-wait-" + name).start(() -> awaitQuietly(waiting));
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts it does not want to wait
    }
  }

  /**
   * Starts JVMs that wait to be used by {@link StartMode#STANDBY}, and returns when they are ready.
   * From then on, as many are kept waiting; they end with this process.
   *
   * @param count how many shall wait; 0 ends those that do
   * @param options of the processes that shall be able to use them; name and daemon do not matter
   * @throws ProcessStartException if a JVM cannot be started
   * @throws InterruptedException if interrupted while they start; they go on starting
   */
  public static void prepare(int count, UnaryOperator<ProcessOptions> options)
      throws InterruptedException {
    if (count < 0) {
      throw new IllegalArgumentException("negative: count=" + count);
    }
    try {
      Standby.prepare(options.apply(ProcessOptions.defaults()).jvm().toSpec(), count);
    } catch (WorkerStartException e) {
      throw new ProcessStartException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Returns the processes that this one has started and that have not ended.
   *
   * @return a snapshot
   */
  public static List<ChildProcess<?>> active() {
    List<ChildProcess<?>> alive = new ArrayList<>();
    for (ChildProcess<?> child : ACTIVE) {
      if (child.isAlive()) { // one whose end was just told may still be in the set
        alive.add(child);
      }
    }
    return alive;
  }

  /**
   * Returns what this process itself is.
   *
   * @return its name ({@code main} for a program's first) and handle
   */
  public static ProcessIdentity current() {
    return new ProcessIdentity(Self.name(), ProcessHandle.current());
  }

  /**
   * Returns the process that has started this one.
   *
   * @return its name and handle; empty in a program's first process
   */
  public static Optional<ProcessIdentity> parent() {
    return Self.parentName()
        .flatMap(
            parentName ->
                ProcessHandle.current()
                    .parent()
                    .map(handle -> new ProcessIdentity(parentName, handle)));
  }

  /**
   * Returns the name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Whether this process may end while it runs.
   *
   * @return true for a daemon
   */
  public boolean isDaemon() {
    return daemon;
  }

  /**
   * Returns the process id.
   *
   * @return the pid, also after the process's end
   */
  public long pid() {
    return task.pid();
  }

  /**
   * Whether it has not ended.
   *
   * @return true while it runs
   */
  public boolean isAlive() {
    return !task.exit().isDone();
  }

  /**
   * Waits until the process has ended.
   *
   * @throws InterruptedException if interrupted; the process goes on
   */
  public void join() throws InterruptedException {
    try {
      task.exit().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a process always has a status", e);
    }
  }

  /**
   * Waits until the process has ended, for a limited time.
   *
   * @param timeout zero or less does not wait
   * @return whether it has ended
   * @throws InterruptedException if interrupted; the process goes on
   */
  public boolean join(Duration timeout) throws InterruptedException {
    try {
      task.exit().get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a process always has a status", e);
    }
  }

  /**
   * Returns how it has ended.
   *
   * @return exit code or signal; empty while it runs
   */
  public Optional<ExitStatus> exitStatus() {
    return task.exit().isDone() ? Optional.of(task.exit().join()) : Optional.empty();
  }

  /**
   * Returns a future for the process's end.
   *
   * @return completed with this process when it has ended, however it has; never fails. Cancelling
   *     it does nothing to the process.
   */
  public CompletableFuture<ChildProcess<T>> onExit() {
    return exit.copy();
  }

  /**
   * Returns a future for what the code returns.
   *
   * @return completed with the value as soon as the code has returned it; or exceptionally, with
   *     what the code has thrown (as itself, or as a {@link RemoteException} if that cannot be had
   *     here), or with a {@link WorkerDiedException}
   */
  public CompletableFuture<T> result() {
    return task.result().copy();
  }

  /**
   * Returns why the code has failed.
   *
   * @return what {@link #result} has failed with; empty while the code runs, and after success
   */
  public Optional<Throwable> failure() {
    return task.result().isCompletedExceptionally()
        ? Optional.of(task.result().exceptionNow())
        : Optional.empty();
  }

  /**
   * Returns what the process has written to its standard output.
   *
   * @return the last MiB so far; empty unless the output is {@link Output#CAPTURED}
   */
  public String output() {
    return task.output();
  }

  /**
   * Returns what the process has written to its standard error.
   *
   * @return the last MiB so far with {@link Output#CAPTURED}, otherwise the last 8 KiB
   */
  public String errorOutput() {
    return task.errorOutput();
  }

  /** Interrupts the process's main thread, which runs the code. Does nothing after its end. */
  public void interrupt() {
    task.interrupt();
  }

  /**
   * Asks the process to end: SIGTERM, upon which its JVM runs shutdown hooks and exits, without the
   * code's finally blocks. Does nothing after its end.
   */
  public void terminate() {
    task.terminate();
  }

  /** Ends the process now, without letting it do anything more. Does nothing after its end. */
  public void kill() {
    task.kill();
  }

  /**
   * Waits until the process has ended. If interrupted, kills it, waits for that, and restores the
   * interrupt. Idempotent.
   */
  @Override
  public void close() {
    try {
      join();
    } catch (InterruptedException e) {
      kill();
      task.exit().join();
      Thread.currentThread().interrupt();
    }
  }

  /** Name, pid, daemon, and running or how it ended. */
  @Override
  public String toString() {
    return "ChildProcess[name="
        + name
        + ", pid="
        + pid()
        + (daemon ? ", daemon" : "")
        + ", "
        + exitStatus().map(status -> "ended: " + status).orElse("running")
        + "]";
  }
}
