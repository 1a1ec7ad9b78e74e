package dev.procession.internal.channel;

import dev.procession.internal.codec.Attachment;
import dev.procession.internal.codec.Attachments;
import dev.procession.internal.os.SharedCleaner;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SleepWord;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An open end of a pipe: what a connection is made of. One that is forgotten is closed when it is
 * collected. Thread-safe.
 */
public final class PipeEnd implements Endpoint {
  private final SharedPipe.End end;
  private final Hold hold;
  private final Lane.Own own = this::requireOpen;

  /** Ends once, by being closed or by being forgotten. */
  private static final class Hold implements Runnable {
    private final SharedPipe.End end;
    private final AtomicBoolean released = new AtomicBoolean();

    Hold(SharedPipe.End end) {
      this.end = end;
      end.hold();
    }

    @Override
    public void run() {
      if (released.compareAndSet(false, true)) {
        end.release();
        end.wakeAll();
      }
    }
  }

  /** Opens an end of a pipe. */
  public PipeEnd(SharedPipe pipe, int index) {
    this.end = pipe.end(index);
    this.hold = new Hold(end);
    var _ = SharedCleaner.register(this, hold);
  }

  // travelling

  @Override
  public Reference depart() {
    requireOpen();
    Holders.Ticket ticket = Attachments.add(end, end.holders()::depart);
    return new Reference(end.pipe().path(), end.index(), ticket.slot(), ticket.number());
  }

  /**
   * Opens an end that has arrived.
   *
   * @throws InvalidObjectException if the pipe is gone
   */
  public static PipeEnd arrived(Reference reference) throws InvalidObjectException {
    if (!reference.isValid()) {
      throw new InvalidObjectException("no end of a pipe: " + reference);
    }
    SharedPipe pipe = SharedPipe.arrived(reference.path());
    PipeEnd arrived = new PipeEnd(pipe, reference.index());
    pipe.end(reference.index()).holders().arrive(reference.slot(), reference.ticket());
    return arrived;
  }

  // talking

  @Override
  public boolean isReadable() {
    return end.in() != null;
  }

  @Override
  public boolean isWritable() {
    return end.out() != null;
  }

  private Lane readable() {
    return require(end.in(), "can only send");
  }

  private Lane writable() {
    return require(end.out(), "can only receive");
  }

  private Lane require(@Nullable Lane lane, String otherwise) {
    requireOpen();
    if (lane == null) {
      throw new IllegalStateException("this end of the pipe " + otherwise);
    }
    return lane;
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException("connection is closed: file=" + end.pipe().path());
    }
  }

  @Override
  public void send(MemorySegment message, List<Attachment> attachments)
      throws IOException, InterruptedException {
    writable().send(message, attachments, own);
  }

  @Override
  public void receive(Target target) throws IOException, InterruptedException {
    readable().receive(target, own);
  }

  @Override
  public boolean poll(Deadline deadline) throws InterruptedException {
    return readable().poll(deadline, own);
  }

  @Override
  public SleepWord asleep() {
    return readable().receiversAsleep();
  }

  // the end

  @Override
  public boolean isClosed() {
    return hold.released.get();
  }

  @Override
  public void close() {
    hold.run();
  }

  @Override
  public String toString() {
    return "Pipe[file=" + end.pipe().path() + ", end=" + end.index() + "]";
  }
}
