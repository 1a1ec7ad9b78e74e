package dev.procession.internal.launch;

import dev.procession.internal.os.Os;
import dev.procession.internal.os.WordWait;
import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.ring.Sleeper;
import dev.procession.internal.segment.SharedBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Hears what a worker says, in a thread that waits for it. */
final class LinkReader {
  private static final int WORD_SLICE_NANOS = 50_000_000;

  /** Looking whether the worker waits for room costs a fence, so only after each so many. */
  private static final int WAKE_MASK = 63;

  private static final SpinPermit SPINNING = new SpinPermit();

  private final ParentLink link;
  private final SharedBytes bytes;
  private final OneToOneRing ring;
  private final @Nullable WakePipe pipe;
  private final byte[] scratch;

  /** Messages that were heard. */
  private int heard;

  private final AtomicBoolean expecting = new AtomicBoolean();
  private volatile boolean ended;

  /** Does what messages ask for, in the reading thread. */
  interface Handler {
    /**
     * A message.
     *
     * @param body valid during the call
     */
    void received(int type, ByteBuffer body);

    /** There is nothing more to receive for now. */
    void receivedAll();
  }

  LinkReader(ParentLink link, SharedBytes bytes) {
    this.link = link;
    this.bytes = bytes;
    this.ring = LinkLayout.toParent(bytes);
    this.pipe = link.pipe();
    this.scratch = new byte[ring.maxBody()];
  }

  /** Whether the worker has something to do, so that it is worth while to spin for the answer. */
  void expect(boolean answers) {
    if (expecting.compareAndSet(!answers, answers)) {
      if (answers) {
        SPINNING.workerBegins();
      } else {
        SPINNING.workerEnds();
      }
    }
  }

  /** The worker has ended: nothing more will come. For any thread. */
  void end() {
    ended = true;
    if (pipe != null) {
      pipe.wakeMyself();
    }
  }

  /**
   * Reads until the worker has ended and everything it said was heard.
   *
   * @throws RuntimeException if it said something that makes no sense, or from the handler
   */
  void read(Handler handler) {
    Sleeper sleeper = pipe != null ? pipe : wordSleeper();
    while (true) {
      boolean last = ended;
      if (ring.next()) {
        do {
          hear(handler);
        } while (ring.next());
        handler.receivedAll();
      }
      ring.wakeProducer(link::wake);
      if (last) {
        return;
      }
      awaitMore(sleeper);
    }
  }

  private Sleeper wordSleeper() {
    WordWait wait = Os.current().wordWait();
    return ring.consumerSleeper(wait, WORD_SLICE_NANOS);
  }

  private void awaitMore(Sleeper sleeper) {
    boolean spin = expecting.get() && SPINNING.tryAcquire();
    try {
      boolean _ = ring.await(spin ? SpinPermit.NANOS : 0, sleeper);
    } finally {
      if (spin) {
        SPINNING.release();
      }
    }
  }

  private void hear(Handler handler) {
    int type = ring.type();
    int length = ring.length();
    bytes.getBytes(ring.body(), scratch, 0, length);
    ring.release();
    if ((++heard & WAKE_MASK) == 0) {
      ring.wakeProducer(link::wake); // it may wait for room while more keeps coming
    }
    handler.received(type, ByteBuffer.wrap(scratch, 0, length).order(ByteOrder.nativeOrder()));
  }

  /** Waits for {@link #end}, hearing nothing. */
  void awaitEnd() {
    while (!ended) {
      if (pipe != null) {
        pipe.sleep();
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
