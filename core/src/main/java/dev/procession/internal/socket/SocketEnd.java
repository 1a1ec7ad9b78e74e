package dev.procession.internal.socket;

import dev.procession.channel.PeerClosedException;
import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.codec.Attachment;
import dev.procession.internal.os.SharedCleaner;
import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.segment.ByteCopy;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SleepWord;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An end of a connection over a socket. A message is its length, then its bytes:
 *
 * <pre>
 *   ┌───────────────────┬───────┐      ┌──────────┬───────────────────┬───────┐
 *   │ length: 4 bytes   │ bytes │  or  │ -1:  4   │ length: 8 bytes   │ bytes │
 *   └───────────────────┴───────┘      └──────────┴───────────────────┴───────┘
 * </pre>
 *
 * with lengths in network order, the second form from 2 GiB on, as Python's {@code
 * multiprocessing.connection} has it. One that is forgotten is closed when its channel is
 * collected. Thread-safe.
 */
public final class SocketEnd implements Endpoint {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int SHORT_HEADER = Integer.BYTES;
  private static final int LONG_HEADER = Integer.BYTES + Long.BYTES;
  private static final int LONG_FOLLOWS = -1;
  private static final long UNKNOWN = -1;

  /** The JVM copies what it reads and writes through memory that it keeps for each thread. */
  private static final int STEP_BYTES = 128 * 1024;

  private final Wire wire;
  private final @Nullable ObjectInputFilter filter;
  private final SleepWord asleep =
      new SleepWord(new SharedWords(Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES)), 0);
  private volatile boolean closed;
  private volatile boolean watched;

  // guarded by receiving
  private final ReentrantLock receiving = new ReentrantLock();
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private long longest;
  private long length = UNKNOWN;

  /** What has arrived of a message whose receiver was interrupted in the middle of it. */
  private @Nullable MemorySegment begun;

  private boolean ended;

  /** Why nothing can be received any more, if the peer has said what nobody understands. */
  private @Nullable IOException broken;

  // guarded by sending
  private final ReentrantLock sending = new ReentrantLock();
  private final ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);

  /** The rest of a message whose sender was interrupted in the middle of it. */
  private @Nullable MemorySegment unsent;

  /** Whether a part of a message is sent, and the rest is nowhere but with its sender. */
  private boolean amid;

  /**
   * @param longest message in bytes that it receives
   * @param filter what objects may be made of, or null if the peer is trusted
   */
  SocketEnd(Wire wire, long longest, @Nullable ObjectInputFilter filter) {
    this.wire = wire;
    this.longest = longest;
    this.filter = filter;
    var _ = SharedCleaner.register(this, wire::close);
  }

  /** Messages may be so long from now on. */
  void allow(long newLongest) {
    receiving.lock();
    try {
      longest = newLongest;
    } finally {
      receiving.unlock();
    }
  }

  @Override
  public @Nullable ObjectInputFilter filter() {
    return filter;
  }

  @Override
  public Reference depart() {
    throw new IllegalStateException(
        "a connection over a socket cannot travel; connect in the other process instead: peer="
            + wire);
  }

  @Override
  public boolean isReadable() {
    return true;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("connection is closed");
    }
  }

  // receiving

  @Override
  public void receive(Target target) throws IOException, InterruptedException {
    receiving.lockInterruptibly();
    try {
      requireOpen();
      while (!hasLength()) {
        readMore(Deadline.NEVER);
      }
      MemorySegment room = target.allocate(length);
      fill(room.asSlice(0, length));
      length = UNKNOWN;
      begun = null;
    } finally {
      receiving.unlock();
      tellOthers();
    }
  }

  @Override
  public boolean poll(Deadline deadline) throws InterruptedException {
    requireOpen();
    if (!receiving.tryLock(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
      watch(); // whoever receives tells, too; unless it has stopped before that
      if (!watched || !receiving.tryLock()) {
        return false;
      }
    }
    boolean isReady = true;
    try {
      requireOpen();
      while (!isThere()) {
        if (!readMore(deadline)) {
          watch();
          isReady = false;
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return true; // who receives is told
    } finally {
      receiving.unlock();
      if (isReady) {
        tellOthers();
      }
    }
  }

  /** What this thread has taken from the socket would wake nobody else. */
  private void tellOthers() {
    if (watched) {
      asleep.wake(Integer.MAX_VALUE);
    }
  }

  /** Whether a message is there, or so much of it that its sender must be sending the rest. */
  private boolean isThere() throws IOException {
    return ended || (hasLength() && (in.remaining() >= length || isFull()));
  }

  private boolean isFull() {
    return in.remaining() == in.capacity() || begun != null;
  }

  /** Whether it is known how long the next message is. */
  private boolean hasLength() throws IOException {
    if (broken != null) {
      throw broken;
    }
    if (length != UNKNOWN) {
      return true;
    }
    if (in.remaining() < SHORT_HEADER) {
      return false;
    }
    long announced = in.getInt(in.position());
    int header = SHORT_HEADER;
    if (announced == LONG_FOLLOWS) {
      if (in.remaining() < LONG_HEADER) {
        return false;
      }
      announced = in.getLong(in.position() + Integer.BYTES);
      header = LONG_HEADER;
    }
    if (announced < 0 || announced > longest) {
      broken =
          new IOException(
              "peer announces a message that is too long: length="
                  + announced
                  + ", most="
                  + longest);
      wire.close(); // what follows cannot be told apart from it
      throw broken;
    }
    in.position(in.position() + header);
    length = announced;
    return true;
  }

  /**
   * Reads something into the buffer, waiting for it; false if the time is over before.
   *
   * @throws EOFException if nothing more comes
   */
  private boolean readMore(Deadline deadline) throws IOException, InterruptedException {
    while (true) {
      requireOpen();
      in.compact();
      int count;
      try {
        count = read(in);
      } finally {
        in.flip();
      }
      if (count > 0) {
        return true;
      }
      if (!wire.awaitReadable(deadline)) {
        return false;
      }
    }
  }

  /** Reads what is there, perhaps nothing. */
  private int read(ByteBuffer target) throws IOException {
    if (ended) {
      throw endOfStream(null);
    }
    int count;
    try {
      count = wire.read(target);
    } catch (IOException e) {
      requireOpen();
      ended = true;
      throw endOfStream(e); // as when the peer was killed before it had read everything
    }
    if (count < 0) {
      ended = true;
      throw endOfStream(null);
    }
    return count;
  }

  private EOFException endOfStream(@Nullable IOException cause) {
    boolean amid = length != UNKNOWN || in.hasRemaining();
    EOFException end =
        new EOFException(
            amid ? "peer is gone in the middle of a message" : "peer has closed the connection");
    end.initCause(cause);
    return end;
  }

  private void fill(MemorySegment room) throws IOException, InterruptedException {
    long filled = 0;
    if (begun != null) {
      ByteCopy.copy(begun, room);
      filled = begun.byteSize();
    }
    boolean whole = false;
    try {
      while (filled < room.byteSize()) {
        requireOpen();
        filled += step(room.asSlice(filled));
        if (filled < room.byteSize() && !in.hasRemaining() && !wire.awaitReadable(Deadline.NEVER)) {
          throw new IllegalStateException("a wait without an end is over");
        }
      }
      whole = true;
    } finally {
      if (!whole && !ended && !closed) {
        keep(room, filled);
      }
    }
  }

  /** Keeps what has arrived of a message for who receives next. */
  private void keep(MemorySegment room, long filled) {
    try {
      begun = copy(room.asSlice(0, filled));
    } catch (IllegalStateException | OutOfMemoryError e) { // the room is gone, or there is none
      broken = new IOException("what had arrived of a message is lost", e);
      wire.close(); // what follows would be taken for the message
    }
  }

  private static MemorySegment copy(MemorySegment memory) {
    MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, memory.byteSize()));
    ByteCopy.copy(memory, copy);
    return copy.asSlice(0, memory.byteSize());
  }

  /** Takes some bytes: from the buffer, or without that. */
  private long step(MemorySegment room) throws IOException {
    long wanted = room.byteSize();
    if (!in.hasRemaining() && wanted >= in.capacity() && isBytes(room)) {
      return read(room.asSlice(0, Math.min(wanted, STEP_BYTES)).asByteBuffer());
    }
    if (!in.hasRemaining()) {
      in.clear();
      try {
        read(in);
      } finally {
        in.flip();
      }
    }
    int count = (int) Math.min(wanted, in.remaining());
    ByteCopy.copy(MemorySegment.ofBuffer(in), 0, room, 0, count);
    in.position(in.position() + count);
    return count;
  }

  private static boolean isBytes(MemorySegment memory) {
    return memory.isNative() // what is read-only does not tell what it is of
        || memory.heapBase().map(base -> base instanceof byte[]).orElse(false);
  }

  // sending

  @Override
  public void send(MemorySegment message, List<Attachment> attachments)
      throws IOException, InterruptedException {
    requireOpen();
    sending.lockInterruptibly();
    try {
      requireOpen();
      sendUnsent();
      out.clear();
      if (message.byteSize() > Integer.MAX_VALUE) {
        out.putInt(LONG_FOLLOWS).putLong(message.byteSize());
      } else {
        out.putInt((int) message.byteSize());
      }
      send(message);
    } catch (IOException e) {
      requireOpen();
      PeerClosedException gone = new PeerClosedException("peer is gone: " + e.getMessage());
      gone.initCause(e);
      throw gone;
    } finally {
      if (amid) {
        wire.close(); // the next message would be taken for the rest of this one
      }
      sending.unlock();
    }
  }

  /** Sends what is in the buffer, then the message. */
  private void send(MemorySegment message) throws IOException, InterruptedException {
    long sent = 0;
    boolean begins = true;
    while (begins || sent < message.byteSize()) {
      ByteBuffer step;
      MemorySegment rest = message.asSlice(sent);
      int room = out.remaining();
      if (!begins && rest.byteSize() > room && isBytes(rest)) {
        step = rest.asSlice(0, Math.min(rest.byteSize(), STEP_BYTES)).asByteBuffer();
        sent += step.remaining();
      } else {
        int count = (int) Math.min(room, rest.byteSize());
        ByteCopy.copy(rest, 0, MemorySegment.ofBuffer(out), 0, count);
        sent += count;
        step = out.position(out.position() + count).flip();
      }
      try {
        write(step, begins);
      } catch (InterruptedException e) {
        if (begins && step.position() == 0) {
          throw e; // nothing is sent
        }
        sendLater(step, message.asSlice(sent));
        Thread.currentThread().interrupt();
        return;
      }
      begins = false;
      out.clear();
    }
    amid = false;
  }

  private void write(ByteBuffer step, boolean begins) throws IOException, InterruptedException {
    if (begins && Thread.interrupted()) {
      throw new InterruptedException();
    }
    boolean written = false;
    while (!written) {
      written = wire.write(step);
      amid |= step.position() > 0;
      if (!written) {
        boolean _ = wire.awaitWritable(Deadline.NEVER);
        requireOpen();
      }
    }
  }

  /** Half a message would be the end of the stream: somebody else sends the rest. */
  private void sendLater(ByteBuffer step, MemorySegment message) {
    MemorySegment first = MemorySegment.ofBuffer(step);
    MemorySegment rest =
        Arena.ofAuto().allocate(first.byteSize() + Math.max(1, message.byteSize()));
    ByteCopy.copy(first, rest);
    ByteCopy.copy(message, 0, rest, first.byteSize(), message.byteSize());
    unsent = rest.asSlice(0, first.byteSize() + message.byteSize());
    amid = false;
    SystemThreads.run(this::finishSending);
  }

  private void finishSending() {
    sending.lock();
    try {
      sendUnsent();
    } catch (IOException | InterruptedException | IllegalStateException e) {
      return; // the next who sends sees it
    } finally {
      sending.unlock();
    }
  }

  private void sendUnsent() throws IOException, InterruptedException {
    MemorySegment rest = unsent;
    while (rest != null) {
      ByteBuffer step = rest.asSlice(0, Math.min(rest.byteSize(), STEP_BYTES)).asByteBuffer();
      boolean written = wire.write(step);
      rest = rest.asSlice(step.position());
      unsent = rest;
      if (!written) {
        boolean _ = wire.awaitWritable(Deadline.NEVER);
        requireOpen();
      } else if (rest.byteSize() == 0) {
        rest = null;
        unsent = null;
      }
    }
  }

  // waiting together with others

  @Override
  public SleepWord asleep() {
    watched = true;
    return asleep;
  }

  private void watch() {
    if (watched) {
      SleepWord word = asleep; // and not this, which would never be forgotten
      word.announce();
      wire.watch(() -> word.wakeAnyway(Integer.MAX_VALUE));
    }
  }

  // the end

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    wire.close();
    asleep.wakeAnyway(Integer.MAX_VALUE);
  }

  @Override
  public String toString() {
    return "Socket[peer=" + wire + "]";
  }
}
