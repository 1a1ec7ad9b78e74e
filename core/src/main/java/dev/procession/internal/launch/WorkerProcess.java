package dev.procession.internal.launch;

import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.LambdaShape;
import dev.procession.internal.os.Os;
import dev.procession.internal.os.WordWait;
import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.ring.Sleeper;
import dev.procession.internal.segment.Block;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SegmentFolder;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.internal.segment.SharedFile;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of a worker JVM: starts it, says things to it, hears it, knows when it has
 * ended.
 *
 * <pre>
 *   starting ──hello──► ready ──process ends──► ended
 *       └──────────process ends────────────────►┘
 * </pre>
 *
 * <p>Threads of its own: a reader, that hands what the worker says to the listener; a pump for each
 * stream that goes through this process; one that waits for the process's end. All are daemons.
 * Public methods are for any thread.
 *
 * <p>Closing or losing this process's end of the worker's standard input ends the worker.
 */
public final class WorkerProcess {
  /** What a worker prints is kept up to this many bytes. */
  private static final int ERROR_TAIL = 8 * 1024;

  private static final int CAPTURED = 1024 * 1024;
  private static final int WORD_SLICE_NANOS = 50_000_000;

  /** How long to wait for the last output of a worker whose children may hold its streams open. */
  private static final int LAST_OUTPUT_MILLIS = 500;

  /** Looking whether the worker waits for room costs a fence, so only after each so many. */
  private static final int WAKE_MASK = 63;

  private static final AtomicBoolean SWEPT = new AtomicBoolean();
  private static final AtomicInteger LIVING = new AtomicInteger();
  private static final AtomicLong COUNT = new AtomicLong();
  private static final SpinPermit SPINNING = new SpinPermit();

  private final long number = COUNT.incrementAndGet();
  private final LaunchSpec spec;
  private final Path segmentPath;
  private final @Nullable WakePipe pipe;
  private final CompletableFuture<WorkerProcess> ready = new CompletableFuture<>();
  private final CompletableFuture<WorkerExit> ended = new CompletableFuture<>();

  /** Lambda shapes that the worker knows. Guarded by this, as is sending. */
  private final BitSet knownShapes = new BitSet();

  // set once, in this order, while starting
  private @Nullable Process process;
  private @Nullable OutputStream wakeStream;
  private @Nullable StreamPump out;
  private @Nullable StreamPump error;
  private @Nullable Segment segment;
  private @Nullable OneToOneRing toWorker;

  /** Whether something may still be sent. Guarded by this. */
  private boolean accepting = true;

  /** As they were at the end. Guarded by this. */
  private Counters lastCounters = new Counters(0, 0, 0);

  /** Why the reader has ended the worker, or null. Of the reader. */
  private @Nullable RuntimeException readFailure;

  private volatile String name;
  private volatile boolean gone;
  private volatile boolean expecting;

  /** Written under {@link #listening}. */
  private volatile @Nullable WorkerListener listener;

  /** Messages that the reader has handled. */
  private int handled;

  private @Nullable WorkerExit unheardExit;
  private final Object listening = new Object();

  private WorkerProcess(LaunchSpec spec, String name) throws IOException {
    this.spec = spec;
    this.name = name;
    this.segmentPath = Segment.createFile("link", LinkLayout.head(), LinkLayout.size());
    boolean opened = false;
    try {
      this.pipe = WakePipe.open();
      opened = true;
    } finally {
      if (!opened) {
        SharedFile.delete(segmentPath);
      }
    }
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
      Thread.ofPlatform().daemon().name("procession-shared-sweep").start(SegmentFolder::sweep);
    }
  }

  private void launch() throws IOException, WorkerStartException {
    List<String> arguments =
        List.of(
            segmentPath.toString(),
            pipe == null ? "-" : pipe.path().toString(),
            name,
            Self.name(),
            String.valueOf(ProcessHandle.current().pid()));
    ProcessBuilder builder =
        new ProcessBuilder(JavaCommand.of(spec, AotCache.fitting(spec), arguments));
    configure(builder);
    Process started = builder.start();
    process = started;
    wakeStream = started.getOutputStream();
    startPumps(started);
    thread("exit", () -> awaitExit(started));
    Segment mapped = Segment.attach(segmentPath);
    segment = mapped;
    toWorker = LinkLayout.toWorker(mapped.bytes());
    OneToOneRing fromWorker = LinkLayout.toParent(mapped.bytes());
    thread("reader", () -> read(started, mapped, fromWorker));
  }

  private void configure(ProcessBuilder builder) {
    spec.environment()
        .forEach(
            (variable, value) -> {
              if (value == null) {
                builder.environment().remove(variable);
              } else {
                builder.environment().put(variable, value);
              }
            });
    if (spec.directory() != null) {
      builder.directory(spec.directory().toFile());
    }
    switch (spec.output()) {
      case INHERITED -> builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      case DISCARDED -> builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      case PREFIXED, CAPTURED -> {}
    }
  }

  private void startPumps(Process started) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    OutputStream ourError = new FileOutputStream(FileDescriptor.err);
    Supplier<String> none = () -> "";
    Supplier<String> prefix = () -> "[" + name + "] ";
    switch (spec.output()) {
      case INHERITED -> error = pump("error", started.getErrorStream(), ourError, none, ERROR_TAIL);
      case DISCARDED -> error = pump("error", started.getErrorStream(), nowhere, none, ERROR_TAIL);
      case PREFIXED -> {
        OutputStream ourOut = new FileOutputStream(FileDescriptor.out);
        out = pump("out", started.getInputStream(), ourOut, prefix, ERROR_TAIL);
        error = pump("error", started.getErrorStream(), ourError, prefix, ERROR_TAIL);
      }
      case CAPTURED -> {
        out = pump("out", started.getInputStream(), nowhere, none, CAPTURED);
        error = pump("error", started.getErrorStream(), nowhere, none, CAPTURED);
      }
    }
  }

  private StreamPump pump(
      String what, InputStream source, OutputStream target, Supplier<String> prefix, int kept) {
    StreamPump pump = new StreamPump(source, target, prefix, kept);
    thread(what, pump);
    return pump;
  }

  private void thread(String what, Runnable loop) {
    Thread.ofPlatform()
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
    if (segment != null) {
      segment.close();
    }
    SharedFile.delete(segmentPath);
    closePipe();
    buried();
  }

  // hearing

  private void awaitExit(Process started) {
    boolean ended = false;
    while (!ended) {
      try {
        started.waitFor();
        ended = true;
      } catch (InterruptedException e) {
        // nobody interrupts this thread on purpose
      }
    }
    try {
      if (out != null) {
        out.awaitEnd(LAST_OUTPUT_MILLIS);
      }
      if (error != null) {
        error.awaitEnd(LAST_OUTPUT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    gone = true;
    if (pipe != null) {
      pipe.wakeMyself();
    }
  }

  private void read(Process started, Segment mapped, OneToOneRing ring) {
    Sleeper sleeper = pipe != null ? pipe : wordSleeper(ring);
    byte[] scratch = new byte[ring.maxBody()];
    try {
      while (true) {
        boolean last = gone;
        while (ring.next()) {
          handle(mapped.bytes(), ring, scratch);
        }
        ring.wakeProducer(this::wake);
        if (last) {
          break;
        }
        awaitMore(ring, sleeper);
      }
    } catch (RuntimeException e) {
      readFailure = e; // it wrote nonsense, or its listener failed: it is of no use any more
      started.destroyForcibly();
      awaitGone();
    }
    finish(started, mapped);
  }

  private void awaitMore(OneToOneRing ring, Sleeper sleeper) {
    boolean spin = expecting && SPINNING.tryAcquire();
    try {
      boolean _ = ring.await(spin ? SpinPermit.NANOS : 0, sleeper);
    } finally {
      if (spin) {
        SPINNING.release();
      }
    }
  }

  private static Sleeper wordSleeper(OneToOneRing ring) {
    WordWait wait = Os.current().wordWait();
    return ring.consumerSleeper(wait, WORD_SLICE_NANOS);
  }

  private void awaitGone() {
    while (!gone) {
      if (pipe != null) {
        pipe.sleep();
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private void handle(SharedBytes bytes, OneToOneRing ring, byte[] scratch) {
    int type = ring.type();
    int length = ring.length();
    bytes.getBytes(ring.body(), scratch, 0, length);
    ring.release();
    if ((++handled & WAKE_MASK) == 0) {
      ring.wakeProducer(this::wake); // it may wait for room while more keeps coming
    }
    ByteBuffer body = ByteBuffer.wrap(scratch, 0, length).order(ByteOrder.nativeOrder());
    switch (type) {
      case Message.HELLO -> hello();
      case Message.LEAVING -> control(Control.LEAVE);
      case Message.FIND_RESOURCE -> findResource(body);
      default -> {
        WorkerListener current = listener;
        if (current != null) {
          current.received(type, body);
        }
      }
    }
  }

  private void hello() {
    SharedFile.delete(segmentPath);
    if (pipe != null) {
      pipe.unlink();
    }
    AotCache.makeIfMissing(spec);
    ready.complete(this);
  }

  private void findResource(ByteBuffer body) {
    int request = body.getInt();
    int loader = body.getInt();
    int pathLength = body.getInt();
    String path = text(body, pathLength);
    Path reply = Path.of(text(body, body.remaining()));
    if (!SharedFile.isOurs(reply, ClassReply.KIND)) {
      throw new IllegalStateException("no file for a reply: path=" + reply);
    }
    // a loader may run anybody's code
    Thread.startVirtualThread(() -> answer(request, loader, path, reply));
  }

  private static String text(ByteBuffer body, int length) {
    byte[] bytes = new byte[length];
    body.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void answer(int request, int loader, String path, Path reply) {
    try {
      ClassReply.of(ParentClasses.get().resource(loader, path)).write(reply);
    } catch (IOException e) {
      SharedFile.delete(reply); // the worker finds nothing, which is so
    }
    synchronized (this) {
      Segment mapped = segment;
      if (mapped != null) {
        mapped.bytes().putIntRelease(LinkLayout.CLASS_REPLY, request);
        VarHandle.fullFence();
      }
    }
    wake();
  }

  private void finish(Process started, Segment mapped) {
    boolean orderly = mapped.bytes().getIntAcquire(LinkLayout.SHUTTING_DOWN) != 0;
    String tail = error == null ? "" : error.tail();
    if (readFailure != null) {
      tail += "\nended by its parent, which could not understand it: " + readFailure;
    }
    WorkerExit exit = new WorkerExit(started.pid(), started.exitValue(), orderly, tail);
    SharedFile.delete(segmentPath);
    closePipe();
    closeQuietly(wakeStream);
    SegmentFolder.sweep(started.pid());
    Block.detach(started.pid());
    synchronized (this) {
      accepting = false;
    }
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
      unmap(mapped);
      buried();
      ready.completeExceptionally(new WorkerStartException(diedBeforeReady(exit), null));
      ended.complete(exit);
    }
  }

  private static void buried() {
    if (LIVING.decrementAndGet() == 0) {
      Block.trim(0);
    }
  }

  private synchronized void unmap(Segment mapped) {
    lastCounters = counters();
    segment = null;
    mapped.close();
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

  private void closePipe() {
    if (pipe != null) {
      closeQuietly(pipe);
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      return; // a pipe whose other end is gone; the descriptor is closed all the same
    }
  }

  // for those who use it

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

  public LaunchSpec spec() {
    return spec;
  }

  public long pid() {
    return handle().pid();
  }

  /** The operating system's view of it. */
  public ProcessHandle handle() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started.toHandle();
  }

  /** A name that says what the worker is used for now. */
  public void rename(String newName) {
    name = newName;
  }

  /** The last of its standard output, if that goes through this process. */
  public String outputTail() {
    return out == null ? "" : out.tail();
  }

  /** The last of its standard error. */
  public String errorTail() {
    return error == null ? "" : error.tail();
  }

  /** Whether answers are expected soon, so that it is worth the reader's while to spin. */
  public void expect(boolean answers) {
    expecting = answers;
  }

  /** Allows the worker to spin between messages: only where it has a processor to itself. */
  public synchronized void allowSpinning(boolean allowed) {
    Segment mapped = segment;
    if (mapped != null) {
      mapped.bytes().putIntRelease(LinkLayout.SPIN_NANOS, allowed ? SpinPermit.NANOS : 0);
    }
  }

  /** Items it has finished, and the time in nanoseconds it was busy with them. */
  public synchronized Counters counters() {
    Segment mapped = segment;
    if (mapped == null) {
      return lastCounters;
    }
    return new Counters(
        mapped.bytes().getLongAcquire(LinkLayout.ITEMS_FINISHED),
        mapped.bytes().getLongAcquire(LinkLayout.BUSY_NANOS),
        mapped.bytes().getLongAcquire(LinkLayout.PEAK_MEMORY));
  }

  /**
   * What a worker counts itself.
   *
   * @param items that it has finished
   * @param busyNanos that it has spent on them
   * @param peakMemory in bytes, as of some time ago; 0 if it has not looked
   */
  public record Counters(long items, long busyNanos, long peakMemory) {}

  // saying

  /** Sends a message; false if there is no room now, or the worker has ended. */
  public synchronized boolean send(int type, byte[] body) {
    OneToOneRing ring = toWorker;
    Segment mapped = segment;
    if (ring == null || mapped == null || !accepting) {
      return false;
    }
    int offset = ring.claim(type, body.length);
    if (offset < 0) {
      return false;
    }
    mapped.bytes().putBytes(offset, body, 0, body.length);
    ring.publish();
    ring.wakeConsumer(this::wake);
    return true;
  }

  /** Defines shapes that the worker does not know yet; false if there is no room for all now. */
  public synchronized boolean define(List<LambdaShape> shapes) {
    for (LambdaShape shape : shapes) {
      if (!knownShapes.get(shape.number())) {
        if (!send(Message.SHAPE, shape.definition(ParentClasses.get()))) {
          return false;
        }
        knownShapes.set(shape.number());
      }
    }
    return true;
  }

  /** A part of frames: those from {@code from} to before {@code to}. */
  public record Run(Frames frames, int from, int to) {
    int bytes() {
      return frames.start(to) - frames.start(from) + Integer.BYTES * count();
    }

    int count() {
      return to - from;
    }
  }

  /**
   * Sends a chunk, whose shapes and function the worker knows.
   *
   * @return where it lies, valid until the worker has ended the chunk; or null if there is no room
   */
  public synchronized @Nullable ChunkLayout sendChunk(
      long chunkNumber, long function, int operation, List<Run> runs) {
    OneToOneRing ring = toWorker;
    Segment mapped = segment;
    int length = ChunkLayout.ITEMS;
    int count = 0;
    for (Run run : runs) {
      length += run.bytes();
      count += run.count();
    }
    if (ring == null || mapped == null || !accepting || length > ring.maxBody()) {
      return null;
    }
    int offset = ring.claim(Message.CHUNK, length);
    if (offset < 0) {
      return null;
    }
    ChunkLayout chunk = new ChunkLayout(mapped.bytes(), offset, ring.claimed());
    chunk.initialize(chunkNumber, function, operation, count);
    write(mapped.bytes(), offset + ChunkLayout.ITEMS, runs);
    ring.publish();
    ring.wakeConsumer(this::wake);
    return chunk;
  }

  private static void write(SharedBytes bytes, int start, List<Run> runs) {
    int offset = start;
    for (Run run : runs) {
      for (int i = run.from(); i < run.to(); i++) {
        int from = run.frames().start(i);
        int length = run.frames().start(i + 1) - from;
        bytes.putInt(offset, length);
        bytes.putBytes(offset + Integer.BYTES, run.frames().bytes(), from, length);
        offset += Integer.BYTES + length;
      }
    }
  }

  /** Takes back items of a chunk, see {@link ChunkLayout#lower}; -1 if it has ended. */
  public synchronized int takeBack(ChunkLayout chunk, int limit) {
    return isThere(chunk) ? chunk.lower(limit) : -1;
  }

  /** How many items of a chunk are begun, also after the worker's death; -1 if it has ended. */
  public synchronized int claimed(ChunkLayout chunk) {
    return isThere(chunk) ? chunk.claimed() : -1;
  }

  /** Whether the bytes of a chunk are still its own: the worker may have given them back. */
  private boolean isThere(ChunkLayout chunk) {
    OneToOneRing ring = toWorker;
    return segment != null && ring != null && !ring.isReusing(chunk.position());
  }

  private void wake() {
    control(Control.WAKE);
  }

  /** Interrupts the worker's main thread. */
  public void interrupt() {
    control(Control.INTERRUPT);
  }

  private void control(int code) {
    OutputStream stream = wakeStream;
    if (stream == null) {
      return;
    }
    synchronized (stream) {
      try {
        stream.write(code);
        stream.flush();
      } catch (IOException e) {
        return; // it is gone, which the exit thread will say
      }
    }
  }

  /**
   * Asks it to end in its own time: SIGTERM. Through the handle, as a {@link Process} would close
   * the worker's standard input as well, which says that the parent is gone.
   */
  public void terminate() {
    boolean _ = handle().destroy();
  }

  /** Ends it now: SIGKILL. */
  public void kill() {
    boolean _ = handle().destroyForcibly();
  }
}
