package dev.procession.internal.launch;

import dev.procession.internal.os.Os;
import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.ring.Sleeper;
import dev.procession.internal.ring.Waker;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.internal.segment.SharedFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The worker's end of its link. Receiving is for the main thread; sending is for any.
 *
 * <p>Opening it is part of every worker's start: off the path of what is slow in a fresh JVM.
 */
public final class WorkerLink {
  private final SharedBytes bytes;
  private final OneToOneRing in;
  private final OneToOneRing out;
  private final Waker waker;

  /** Guarded by {@link #requests}. */
  private int lastRequest;

  private final Object requests = new Object();

  private WorkerLink(SharedBytes bytes, OneToOneRing in, OneToOneRing out, Waker waker) {
    this.bytes = bytes;
    this.in = in;
    this.out = out;
    this.waker = waker;
  }

  /**
   * Opens the link that the parent has made.
   *
   * @param pipe that wakes the parent, or {@code -} if it waits on a word of the ring
   */
  public static WorkerLink open(String segment, String pipe) throws IOException {
    SharedBytes bytes = Segment.attach(Path.of(segment)).bytes();
    LinkLayout.check(bytes);
    ProgramKey.arrived(bytes);
    OneToOneRing out = LinkLayout.toParent(bytes);
    Waker waker = pipe.equals("-") ? out.consumerWaker(Os.current().wordWait()) : pipeWaker(pipe);
    return new WorkerLink(bytes, LinkLayout.toWorker(bytes), out, waker);
  }

  private static Waker pipeWaker(String pipe) throws IOException {
    FileOutputStream stream = new FileOutputStream(pipe);
    return new Waker() {
      @Override
      public void wake() {
        try {
          stream.write(0);
        } catch (IOException e) {
          return; // the parent is gone, and we soon
        }
      }
    };
  }

  public SharedBytes bytes() {
    return bytes;
  }

  /** Waits until a message is there. An interrupt does not end the wait. */
  public OneToOneRing receive() {
    Sleeper sleeper = Parking.UNTIL_WOKEN;
    while (!in.await(bytes.getIntAcquire(LinkLayout.SPIN_NANOS), sleeper)) {
      boolean _ = Thread.interrupted(); // was meant for a task that has ended meanwhile
    }
    return in;
  }

  /** Gives the bytes of the current message back. */
  public void release() {
    in.release();
    in.wakeProducer(waker);
  }

  /** The chunk in the current message. */
  public ChunkLayout chunk() {
    return new ChunkLayout(bytes, in.body(), 0);
  }

  /** A class of its own, as a lambda would have to be linked at the start. */
  @SuppressWarnings("UnnecessaryAnonymousClass")
  private static final Body NOTHING =
      new Body() {
        @Override
        public void write(SharedBytes target, int offset) {
          // the message says it all
        }
      };

  /** Writes the body of a message. */
  public interface Body {
    void write(SharedBytes target, int offset);
  }

  /** Sends a message, waiting for room. The parent reads as long as it lives. */
  public synchronized void send(int type, int length, Body body) {
    post(type, length, body);
    out.wakeConsumer(waker);
  }

  /** Sends a message that the parent will find when it is woken for a later one. */
  public synchronized void post(int type, int length, Body body) {
    int offset = out.claim(type, length);
    while (offset < 0) {
      out.wakeConsumer(waker);
      out.awaitRoom(length, Parking.SHORTLY);
      offset = out.claim(type, length);
    }
    body.write(bytes, offset);
    out.publish();
  }

  /** Sends a message without a body. */
  public void send(int type) {
    send(type, 0, NOTHING);
  }

  /** Says that this JVM shuts down by itself. Does not wait for room: nobody may be reading. */
  public void shuttingDown() {
    bytes.putIntRelease(LinkLayout.SHUTTING_DOWN, 1);
    synchronized (this) {
      if (out.claim(Message.LEAVING, 0) >= 0) {
        out.publish();
        out.wakeConsumer(waker);
      }
    }
  }

  /** Counts an item that was done. */
  public void countItem() {
    bytes.putLongRelease(LinkLayout.ITEMS_FINISHED, bytes.getLong(LinkLayout.ITEMS_FINISHED) + 1);
  }

  /** Counts time that was spent on items. */
  public void countTime(long nanos) {
    bytes.putLongRelease(LinkLayout.BUSY_NANOS, bytes.getLong(LinkLayout.BUSY_NANOS) + nanos);
  }

  /** Says that a supervised item is about to be claimed. */
  public void itemBegins() {
    if (bytes.getLong(LinkLayout.PROGRESS_AT) != 0) {
      bytes.putLong(LinkLayout.PROGRESS_AT, 0);
      bytes.putLong(LinkLayout.PROGRESS_DONE, 0);
      bytes.putLong(LinkLayout.PROGRESS_TOTAL, 0);
    }
    bytes.putLongRelease(LinkLayout.RUNNING_SINCE, System.nanoTime());
  }

  /** Says how far the item is. */
  public void progress(long done, long total) {
    bytes.putLong(LinkLayout.PROGRESS_DONE, done);
    bytes.putLong(LinkLayout.PROGRESS_TOTAL, total);
    bytes.putLongRelease(LinkLayout.PROGRESS_AT, System.nanoTime());
  }

  /** When the item began that runs, as {@link System#nanoTime} tells it, if it is supervised. */
  public long runningSince() {
    return bytes.getLongAcquire(LinkLayout.RUNNING_SINCE);
  }

  /** Says that no item runs. */
  public void itemEnded() {
    bytes.putLongRelease(LinkLayout.RUNNING_SINCE, 0);
  }

  /** The chunk of the item that the parent wants to be interrupted. */
  public long interruptedChunk() {
    return bytes.getLongAcquire(LinkLayout.INTERRUPTED_CHUNK);
  }

  /** That item. */
  public int interruptedItem() {
    return bytes.getInt(LinkLayout.INTERRUPTED_ITEM);
  }

  /**
   * Says what memory this process has.
   *
   * @param peak the most resident memory that it had, in bytes
   * @param heap used, in bytes
   * @param gcNanos that collectors have worked; 0 if that is not known
   */
  public void memory(long peak, long heap, long gcNanos) {
    bytes.putLongRelease(LinkLayout.PEAK_MEMORY, peak);
    bytes.putLongRelease(LinkLayout.HEAP, heap);
    bytes.putLongRelease(LinkLayout.GC_NANOS, gcNanos);
  }

  /** Asks the parent for a class file or resource of one of its loaders, and waits for it. */
  public ClassReply find(int loader, String resource) throws IOException {
    synchronized (requests) {
      Path reply = SharedFile.create(ClassReply.KIND);
      try {
        int request = ++lastRequest;
        byte[] path = resource.getBytes(StandardCharsets.UTF_8);
        byte[] file = reply.toString().getBytes(StandardCharsets.UTF_8);
        send(
            Message.FIND_RESOURCE,
            3 * Integer.BYTES + path.length + file.length,
            (target, offset) -> {
              target.putInt(offset, request);
              target.putInt(offset + Integer.BYTES, loader);
              target.putInt(offset + 2 * Integer.BYTES, path.length);
              target.putBytes(offset + 3 * Integer.BYTES, path, 0, path.length);
              target.putBytes(offset + 3 * Integer.BYTES + path.length, file, 0, file.length);
            });
        while (bytes.getIntAcquire(LinkLayout.CLASS_REPLY) != request) {
          LockSupport.parkNanos(this, POLL_NANOS);
        }
        return ClassReply.read(reply);
      } finally {
        SharedFile.delete(reply);
      }
    }
  }

  /** Only the main thread is woken; others look. */
  private static final long POLL_NANOS = 100_000;

  /** Sleeping until the thread that watches the standard input unparks the main thread. */
  private enum Parking implements Sleeper {
    UNTIL_WOKEN {
      @Override
      public void sleep() {
        LockSupport.park(this);
      }
    },
    /** For any thread. */
    SHORTLY {
      @Override
      public void sleep() {
        LockSupport.parkNanos(this, POLL_NANOS);
      }
    }
  }
}
