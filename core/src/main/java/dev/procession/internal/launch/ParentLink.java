package dev.procession.internal.launch;

import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.LambdaShape;
import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.internal.segment.SharedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of a worker's link, and all that the parent says through it. {@link WorkerLink}
 * is the other end, {@link LinkReader} hears what that says.
 *
 * <pre>
 *   created ──open()──► open ──shut()──► shut: nothing more is sent ──close()──► closed
 * </pre>
 *
 * <p>For any thread. Losing or closing this end also ends the worker's standard input, and so the
 * worker.
 */
public final class ParentLink implements AutoCloseable {
  private final Path segmentPath;
  private final @Nullable WakePipe pipe;

  // set when it is opened
  private @Nullable Segment segment;
  private @Nullable OneToOneRing toWorker;
  private volatile @Nullable OutputStream controls;

  /** Lambda shapes that the worker knows. Guarded by this, as is sending. */
  private final BitSet knownShapes = new BitSet();

  /** Whether something may still be sent. Guarded by this. */
  private boolean accepting;

  /** As they were at the end. Guarded by this. */
  private Counters lastCounters = new Counters(0, 0, 0, 0, 0);

  private ParentLink(Path segmentPath, @Nullable WakePipe pipe) {
    this.segmentPath = segmentPath;
    this.pipe = pipe;
  }

  /** Makes the files of a link. */
  static ParentLink create() throws IOException {
    Path segmentPath = Segment.createFile("link", LinkLayout.head(), LinkLayout.size());
    boolean created = false;
    try {
      ParentLink link = new ParentLink(segmentPath, WakePipe.open());
      created = true;
      return link;
    } finally {
      if (!created) {
        SharedFile.delete(segmentPath);
      }
    }
  }

  /** Path of the segment, for the worker. */
  String segmentArgument() {
    return segmentPath.toString();
  }

  /** Path of the pipe that wakes the parent, or {@code -} if there is none. */
  String pipeArgument() {
    return pipe == null ? "-" : pipe.path().toString();
  }

  @Nullable WakePipe pipe() {
    return pipe;
  }

  /**
   * Maps the segment.
   *
   * @param standardInput of the worker
   */
  synchronized SharedBytes open(OutputStream standardInput) throws IOException {
    controls = standardInput;
    Segment mapped = Segment.attach(segmentPath);
    segment = mapped;
    toWorker = LinkLayout.toWorker(mapped.bytes());
    accepting = true;
    return mapped.bytes();
  }

  /** Removes the names of the files, which the worker has opened or never will. */
  void unlink() {
    SharedFile.delete(segmentPath);
    if (pipe != null) {
      pipe.unlink();
    }
  }

  /** Sends nothing more; the worker's words and chunks can still be read. */
  void shut() {
    synchronized (this) {
      accepting = false;
    }
    unlink();
    closeQuietly(pipe);
    closeQuietly(controls);
  }

  /** Unmaps the segment, once the worker has ended. */
  @Override
  public void close() {
    shut();
    synchronized (this) {
      Segment mapped = segment;
      if (mapped != null) {
        lastCounters = counters();
        segment = null;
        mapped.close();
      }
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

  // messages

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

  // chunks

  /** A part of frames: those from {@code from} to before {@code to}. */
  public record Run(Frames frames, int from, int to) {
    int bytes() {
      return frames.start(to) - frames.start(from);
    }

    int count() {
      return to - from;
    }
  }

  /**
   * Sends a chunk, whose shapes and function the worker knows. It need not see it before {@link
   * #deliver}.
   *
   * @return where it lies, valid until the worker has ended the chunk; or null if there is no room
   */
  public synchronized @Nullable ChunkLayout sendChunk(
      long chunkNumber,
      long function,
      int operation,
      boolean prompt,
      boolean supervised,
      List<Run> runs) {
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
    chunk.initialize(chunkNumber, function, operation, prompt, supervised, count);
    int at = offset + ChunkLayout.ITEMS;
    for (Run run : runs) {
      byte[] frames = run.frames().bytes();
      mapped.bytes().putBytes(at, frames, run.frames().start(run.from()), run.bytes());
      at += run.bytes();
    }
    ring.publish();
    return chunk;
  }

  /** Wakes the worker if it sleeps, so that it sees what it was sent. */
  public void deliver() {
    OneToOneRing ring = toWorker;
    if (ring != null) {
      ring.wakeConsumer(this::wake);
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

  /**
   * An item that runs.
   *
   * @param item of its chunk
   * @param nanos since it has begun
   * @param quietNanos since it has begun, or has last reported progress
   * @param done what it has reported
   * @param total likewise
   */
  public record Running(int item, long nanos, long quietNanos, long done, long total) {}

  /** The item of a supervised chunk that the worker runs, or null if it runs none of it. */
  public synchronized @Nullable Running running(ChunkLayout chunk) {
    Segment mapped = segment;
    if (mapped == null || !isThere(chunk)) {
      return null;
    }
    int claimed = chunk.claimed();
    SharedBytes words = mapped.bytes();
    long since = words.getLongAcquire(LinkLayout.RUNNING_SINCE);
    long reported = words.getLongAcquire(LinkLayout.PROGRESS_AT);
    long done = words.getLong(LinkLayout.PROGRESS_DONE);
    long total = words.getLongAcquire(LinkLayout.PROGRESS_TOTAL);
    if (claimed == 0 || since == 0 || claimed != chunk.claimed()) {
      return null; // has not begun, has ended, or is about to begin the next
    }
    long now = System.nanoTime();
    long quiet = now - (reported == 0 ? since : reported);
    return new Running(claimed - 1, now - since, quiet, done, reported == 0 ? -1 : total);
  }

  /** Interrupts an item, if it is still running when the worker hears of it. */
  public void interrupt(ChunkLayout chunk, int item) {
    synchronized (this) {
      Segment mapped = segment;
      if (mapped == null || !isThere(chunk)) {
        return;
      }
      mapped.bytes().putInt(LinkLayout.INTERRUPTED_ITEM, item);
      mapped.bytes().putLongRelease(LinkLayout.INTERRUPTED_CHUNK, chunk.number());
    }
    control(Control.INTERRUPT_ITEM);
  }

  /** Asks for a {@link Message#TRACE}. */
  public void askTrace() {
    control(Control.TRACE);
  }

  /** Whether the bytes of a chunk are still its own: the worker may have given them back. */
  private boolean isThere(ChunkLayout chunk) {
    OneToOneRing ring = toWorker;
    return segment != null && ring != null && !ring.isReusing(chunk.position());
  }

  // words

  /** Allows the worker to spin between messages: only where it has a processor to itself. */
  public synchronized void allowSpinning(boolean allowed) {
    Segment mapped = segment;
    if (mapped != null) {
      mapped.bytes().putIntRelease(LinkLayout.SPIN_NANOS, allowed ? SpinPermit.NANOS : 0);
    }
  }

  /** Says that the file for a reply has been written. */
  void classReplied(int request) {
    synchronized (this) {
      Segment mapped = segment;
      if (mapped != null) {
        mapped.bytes().putIntRelease(LinkLayout.CLASS_REPLY, request);
        VarHandle.fullFence();
      }
    }
    wake();
  }

  /** Whether the worker's JVM has begun to shut down by itself. */
  synchronized boolean isShuttingDown() {
    Segment mapped = segment;
    return mapped != null && mapped.bytes().getIntAcquire(LinkLayout.SHUTTING_DOWN) != 0;
  }

  /** What the worker counts. */
  public synchronized Counters counters() {
    Segment mapped = segment;
    if (mapped == null) {
      return lastCounters;
    }
    return new Counters(
        mapped.bytes().getLongAcquire(LinkLayout.ITEMS_FINISHED),
        mapped.bytes().getLongAcquire(LinkLayout.BUSY_NANOS),
        mapped.bytes().getLongAcquire(LinkLayout.PEAK_MEMORY),
        mapped.bytes().getLongAcquire(LinkLayout.HEAP),
        mapped.bytes().getLongAcquire(LinkLayout.GC_NANOS));
  }

  /**
   * What a worker counts itself.
   *
   * @param items that it has finished
   * @param busyNanos that it has spent on them
   * @param peakMemory in bytes, as of some time ago; 0 if it has not looked
   * @param heap likewise
   * @param gcNanos likewise
   */
  public record Counters(long items, long busyNanos, long peakMemory, long heap, long gcNanos) {}

  // bytes in its standard input

  /** Makes the worker look at its ring. */
  void wake() {
    control(Control.WAKE);
  }

  /** Interrupts the worker's main thread. */
  public void interrupt() {
    control(Control.INTERRUPT);
  }

  /** Answers a worker that is about to leave. */
  void leave() {
    control(Control.LEAVE);
  }

  private void control(int code) {
    OutputStream stream = controls;
    if (stream == null) {
      return;
    }
    synchronized (stream) {
      try {
        stream.write(code);
        stream.flush();
      } catch (IOException e) {
        return; // it is gone, which its exit will say
      }
    }
  }
}
