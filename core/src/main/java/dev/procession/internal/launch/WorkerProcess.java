package dev.procession.internal.launch;

import dev.procession.internal.os.Os;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.segment.Block;
import dev.procession.internal.segment.SegmentFolder;
import dev.procession.internal.segment.SharedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A worker JVM as its parent sees it: starts it, knows when it is ready and when it has ended.
 *
 * <pre>
 *   starting ──hello──► ready ──process ends──► ended
 *       └──────────process ends────────────────►┘
 * </pre>
 *
 * <p>Threads of its own: a reader, that hands what the worker says to the listener; a pump for each
 * stream that goes through this process; one that waits for the process's end. All are daemons.
 * Public methods are for any thread.
 */
public final class WorkerProcess {
  private static final AtomicBoolean SWEPT = new AtomicBoolean();
  private static final AtomicInteger LIVING = new AtomicInteger();
  private static final AtomicLong COUNT = new AtomicLong();

  private final long number = COUNT.incrementAndGet();

  private final long createdMillis = System.currentTimeMillis();
  private final LaunchSpec spec;
  private final ParentLink link;
  private final ClassServer classes;
  private final CompletableFuture<WorkerProcess> ready = new CompletableFuture<>();
  private final CompletableFuture<WorkerExit> ended = new CompletableFuture<>();

  /** Those before it was started; asked for beside its start, which need not wait for that. */
  private volatile long killsForMemory;

  // set once, in this order, while starting
  private @Nullable Process process;
  private @Nullable WorkerOutput output;
  private @Nullable LinkReader reader;

  private volatile String name;

  /** Written under {@link #listening}. */
  private volatile @Nullable WorkerListener listener;

  private @Nullable WorkerExit unheardExit;
  private final Object listening = new Object();

  private WorkerProcess(LaunchSpec spec, String name) throws IOException {
    this.spec = spec;
    this.name = name;
    this.link = ParentLink.create();
    this.classes = new ClassServer(link);
  }

  /**
   * Starts a worker JVM and returns while it starts.
   *
   * @param name for its threads here, for people who list processes, and as prefix of its lines
   * @throws WorkerStartException if it cannot be started; nothing is left
   */
  public static WorkerProcess start(LaunchSpec spec, String name) throws WorkerStartException {
    sweepOnce();
    WorkerProcess worker;
    try {
      worker = new WorkerProcess(spec, name);
    } catch (IOException e) {
      throw new WorkerStartException("no shared memory for a worker: " + e.getMessage(), e);
    }
    boolean started = false;
    LIVING.incrementAndGet();
    try {
      worker.launch();
      started = true;
      return worker;
    } catch (IOException e) {
      throw new WorkerStartException(
          "cannot start a JVM: "
              + e.getMessage()
              + ". Likely too many processes, too little"
              + " memory, or a working directory that does not exist.",
          e);
    } finally {
      if (!started) {
        worker.abandon();
      }
    }
  }

  /** What killed programs have left is removed by the next that starts workers. */
  private static void sweepOnce() {
    if (SWEPT.compareAndSet(false, true)) {
      SystemThreads.own().daemon().name("procession-shared-sweep").start(SegmentFolder::sweep);
    }
  }

  private void launch() throws IOException, WorkerStartException {
    Process started = builder().start();
    process = started;
    SharedBytes bytes = link.open(started.getOutputStream());
    WorkerOutput carried = WorkerOutput.carry(started, spec.output(), () -> name, this::thread);
    output = carried;
    LinkReader hearing = new LinkReader(link, bytes);
    reader = hearing;
    thread("exit", () -> awaitExit(started, carried, hearing));
    thread("reader", () -> read(started, carried, hearing));
  }

  private ProcessBuilder builder() throws WorkerStartException {
    List<String> arguments =
        List.of(
            link.segmentArgument(),
            link.pipeArgument(),
            name,
            Self.name(),
            String.valueOf(ProcessHandle.current().pid()),
            String.valueOf(Nesting.below()));
    ProcessBuilder builder =
        new ProcessBuilder(JavaCommand.of(spec, AotCache.fitting(spec), arguments));
    Map<String, String> environment = builder.environment();
    for (Map.Entry<String, @Nullable String> variable : spec.environment().entrySet()) {
      String value = variable.getValue();
      if (value == null) {
        environment.remove(variable.getKey());
      } else {
        environment.put(variable.getKey(), value);
      }
    }
    if (spec.directory() != null) {
      builder.directory(spec.directory().toFile());
    }
    WorkerOutput.redirect(builder, spec.output());
    return builder;
  }

  private void thread(String what, Runnable loop) {
    SystemThreads.own()
        .daemon()
        .name("procession-worker-" + number + "-" + what)
        .stackSize(256 * 1024)
        .start(loop);
  }

  /** Undoes a start that failed half-way. */
  private void abandon() {
    if (process != null) {
      process.destroyForcibly();
    }
    link.close();
    buried();
  }

  private void awaitExit(Process started, WorkerOutput carried, LinkReader hearing) {
    killsForMemory = Os.current().killsForMemory();
    boolean gone = false;
    while (!gone) {
      try {
        started.waitFor();
        gone = true;
      } catch (InterruptedException e) {
        // nobody interrupts this thread on purpose
      }
    }
    carried.awaitEnd();
    hearing.end();
  }

  private void read(Process started, WorkerOutput carried, LinkReader hearing) {
    String tail = "";
    try {
      hearing.read(new Handler());
    } catch (RuntimeException | Error e) {
      // it wrote nonsense, or its listener failed: it is of no use any more
      tail = "\nended by its parent, which could not understand it: " + e;
      started.destroyForcibly();
      hearing.awaitEnd();
    }
    boolean orderly = link.isShuttingDown();
    tail = carried.errorTail() + tail;
    boolean shortOfMemory = Os.current().killsForMemory() > killsForMemory;
    CrashLog crashLog = orderly ? null : CrashLog.of(spec, started.pid(), createdMillis);
    finish(
        new WorkerExit(
            started.pid(),
            started.exitValue(),
            orderly,
            tail,
            crashLog,
            shortOfMemory,
            spec.jvmOptions().contains("-XX:+ExitOnOutOfMemoryError")));
  }

  /** Does what concerns the worker itself, and passes the rest on. */
  private final class Handler implements LinkReader.Handler {
    @Override
    public void received(int type, ByteBuffer body) {
      switch (type) {
        case Message.HELLO -> hello();
        case Message.LEAVING -> link.leave();
        case Message.FIND_RESOURCE -> classes.serve(body);
        default -> {
          WorkerListener current = listener;
          if (current != null) {
            current.received(type, body);
          }
        }
      }
    }

    @Override
    public void receivedAll() {
      WorkerListener current = listener;
      if (current != null) {
        current.receivedAll();
      }
    }
  }

  private void hello() {
    link.unlink();
    AotCache.makeIfMissing(spec);
    ready.complete(this);
  }

  private void finish(WorkerExit exit) {
    link.shut();
    SegmentFolder.sweep(exit.pid());
    Block.detach(exit.pid());
    WorkerListener current;
    synchronized (listening) {
      current = listener;
      unheardExit = exit;
    }
    try {
      if (current != null) {
        current.exited(exit); // may still look at its chunks
      }
    } finally {
      expect(false);
      link.close();
      buried();
      ready.completeExceptionally(new WorkerStartException(diedBeforeReady(exit), null));
      ended.complete(exit);
    }
  }

  private static void buried() {
    if (LIVING.decrementAndGet() == 0) {
      Block.keepNone();
    }
  }

  /** What to say of a worker that was killed as its hello did not come. */
  public String notReadyInTime() {
    return "worker JVM was not ready in time: startTimeout="
        + spec.startTimeout()
        + ", pid="
        + pid();
  }

  /** What to say of a worker that ended before its hello. */
  public String diedBeforeReady(WorkerExit exit) {
    String printed = exit.errorTail().isBlank() ? "nothing" : "\n" + exit.errorTail().strip();
    return "worker JVM ended before it was ready: exitCode="
        + exit.code()
        + ", jvmOptions="
        + spec.jvmOptions()
        + ", printed="
        + printed;
  }

  /** Done when the worker has said hello, or failed to; never completed in the caller's thread. */
  public CompletableFuture<WorkerProcess> ready() {
    return ready;
  }

  /** Done when the worker has ended and everything it said has been heard. */
  public CompletableFuture<WorkerExit> ended() {
    return ended;
  }

  /** Sets who hears the worker; one that has ended already is reported at once. */
  public void listen(WorkerListener newListener) {
    WorkerExit exit;
    synchronized (listening) {
      listener = newListener;
      exit = unheardExit;
    }
    if (exit != null) {
      newListener.exited(exit);
    }
  }

  /** Whether it has something to do, so that it is worth the reader's while to spin. */
  public void expect(boolean answers) {
    started(reader).expect(answers);
  }

  /** Where things are said to it. */
  public ParentLink link() {
    return link;
  }

  public LaunchSpec spec() {
    return spec;
  }

  public long pid() {
    return handle().pid();
  }

  /** The operating system's view of it. */
  public ProcessHandle handle() {
    return started(process).toHandle();
  }

  /** A name that says what the worker is used for now. */
  public void rename(String newName) {
    name = newName;
  }

  /** The last of its standard output, if that goes through this process. */
  public String outputTail() {
    return started(output).outputTail();
  }

  /** The last of its standard error. */
  public String errorTail() {
    return started(output).errorTail();
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started");
    }
    return part;
  }

  /**
   * Asks it to end in its own time: SIGTERM. Through the handle, as a {@link Process} would close
   * the worker's standard input as well, which says that the parent is gone.
   */
  public void terminate() {
    boolean _ = handle().destroy();
  }

  /** Ends it and all that it has started, and those: SIGKILL. Looks at every process there is. */
  public void killWithDescendants() {
    List<ProcessHandle> descendants = List.of();
    try {
      descendants = handle().descendants().toList();
    } catch (RuntimeException e) {
      // for want of file descriptors: nobody knows them
    } finally {
      kill();
    }
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends it now: SIGKILL. */
  public void kill() {
    boolean _ = handle().destroyForcibly();
  }
}
