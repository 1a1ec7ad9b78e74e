package dev.procession.internal.channel;

import dev.procession.channel.PeerClosedException;
import dev.procession.internal.codec.Attachment;
import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.segment.ByteCopy;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.SleepWord;
import dev.procession.internal.shared.SpinBudget;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One direction of a pipe: messages in a ring, the long ones in fragments.
 *
 * <pre>
 *     0  owned by who sends                        8 bytes     see OwnedWord
 *     8  where its message begins in the ring      8 bytes
 *    16  who has said where, or 0                  8 bytes
 *   128  owned by who receives                     8 bytes
 *   256  somebody sleeps who wants to send         4 bytes     see SleepWord
 *   384  somebody sleeps who wants to receive      4 bytes
 *   512  ring
 *
 *   types of records:
 *     WHOLE   a message
 *     FIRST   length of a message, 8 bytes, and its first bytes; then come
 *     REST    its next bytes, until it is complete
 * </pre>
 *
 * <p><b>Deaths.</b> A message of one record is there when it is published. Who ends in the middle
 * of a long one has sent nothing: the next message begins with {@code WHOLE} or {@code FIRST}, by
 * which the receiver sees that the one before has been given up; so it has if nobody sends any
 * more. Who ends in the middle of receiving a long one has taken it: the next receiver passes over
 * its rest.
 *
 * <p>An instance is this process's. Thread-safe: only who owns sending, or receiving, uses the
 * ring's side.
 */
final class Lane {
  private static final int CAPACITY = 512 * 1024;
  static final int SIZE = 512 + OneToOneRing.size(CAPACITY);

  private static final int SENDING = 0;
  private static final int BEGIN = 8;
  private static final int BEGUN_BY = 16;
  private static final int RECEIVING = 128;
  private static final int SENDERS_ASLEEP = 256;
  private static final int RECEIVERS_ASLEEP = 384;
  private static final int RING = 512;

  private static final int WHOLE = 1;
  private static final int FIRST = 2;
  private static final int REST = 3;

  /** In front of the first bytes of a long message: its length. */
  private static final int HEAD = Long.BYTES;

  /** The longest part of a message in a record. */
  private static final int FRAGMENT = 64 * 1024;

  private static final int ALL = Integer.MAX_VALUE;

  /** This process's end, which a thread may close while another waits. */
  interface Own {
    /**
     * Goes on if it is open.
     *
     * @throws IllegalStateException if it is closed
     */
    void requireOpen();
  }

  private final SharedWords words;
  private final long begin;
  private final long begunBy;
  private final PeerWatch senders;
  private final PeerWatch receivers;
  private final OwnedWord sending;
  private final OwnedWord receiving;
  private final SleepWord sendersAsleep;
  private final SleepWord receiversAsleep;
  private final SharedBytes bytes;
  private final OneToOneRing out;
  private final OneToOneRing in;

  private final SpinBudget sendSpins = new SpinBudget();
  private final SpinBudget receiveSpins = new SpinBudget();

  /** A message of this process that has something outside of its bytes, by where it ends. */
  private record Sent(long end, List<Attachment> attachments) {}

  /** Those that may not have been received yet, the oldest first. Guarded by itself. */
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();

  /**
   * @param offset in the object's words
   * @param senders who may send
   * @param receivers who may receive
   */
  Lane(SharedObject object, long offset, PeerWatch senders, PeerWatch receivers) {
    this.words = object.words();
    this.begin = offset + BEGIN;
    this.begunBy = offset + BEGUN_BY;
    this.senders = senders;
    this.receivers = receivers;
    this.sending = new OwnedWord(object, offset + SENDING);
    this.receiving = new OwnedWord(object, offset + RECEIVING);
    this.sendersAsleep = new SleepWord(object.words(), offset + SENDERS_ASLEEP);
    this.receiversAsleep = new SleepWord(object.words(), offset + RECEIVERS_ASLEEP);
    this.bytes = new SharedBytes(object.words().memory());
    int ring = Math.toIntExact(offset + RING);
    this.out = new OneToOneRing(bytes, ring, CAPACITY);
    this.in = new OneToOneRing(bytes, ring, CAPACITY);
  }

  /** Where to sleep for a message. */
  SleepWord receiversAsleep() {
    return receiversAsleep;
  }

  /** Wakes all who wait here, as an end was closed. */
  void wakeAll() {
    sendersAsleep.wakeAnyway(ALL);
    receiversAsleep.wakeAnyway(ALL);
  }

  // sending

  /**
   * Sends a message, waiting while there is no room.
   *
   * @param attachments what it has outside of its bytes, see {@link Endpoint#send}
   * @throws PeerClosedException if nobody can receive it
   * @throws InterruptedException if interrupted while waiting; nothing is sent
   */
  void send(MemorySegment message, List<Attachment> attachments, Own own)
      throws IOException, InterruptedException {
    OwnedWord.Result taken = sending.take(Deadline.NEVER);
    try {
      if (taken == OwnedWord.Result.TAKEN_FROM_DEAD) {
        out.recoverProducer(); // before anything fails: the next one knows of no death
      } else {
        out.resumeProducer();
      }
      words.setLongRelease(begin, out.published());
      words.setLongRelease(begunBy, Participant.me());
      own.requireOpen();
      requireReceiver();
      write(message, own);
      if (!attachments.isEmpty()) {
        remember(attachments);
      }
    } finally {
      words.setLongRelease(begunBy, Participant.NOBODY);
      boolean _ = sending.free();
      receiversAsleep.wake(ALL);
    }
  }

  private void write(MemorySegment message, Own own) throws IOException, InterruptedException {
    long length = message.byteSize();
    if (length <= FRAGMENT) {
      int at = claim(WHOLE, (int) length, own);
      ByteCopy.copy(message, 0, bytes.memory(), at, length);
      out.publish();
      return;
    }
    long sent = 0;
    while (sent < length) {
      int part = (int) Math.min(FRAGMENT, length - sent);
      if (sent == 0) {
        int at = claim(FIRST, HEAD + part, own);
        bytes.putLong(at, length);
        ByteCopy.copy(message, 0, bytes.memory(), (long) at + HEAD, part);
      } else {
        int at = claim(REST, part, own);
        ByteCopy.copy(message, sent, bytes.memory(), at, part);
      }
      out.publish();
      VarHandle.fullFence();
      receiversAsleep.wake(ALL);
      sent += part;
    }
  }

  private void remember(List<Attachment> attachments) {
    synchronized (sent) {
      forgetReceived();
      sent.add(new Sent(out.published(), attachments));
      Abandoned.add(this);
    }
  }

  private void forgetReceived() {
    long received = out.released();
    while (!sent.isEmpty() && sent.getFirst().end() <= received) {
      sent.removeFirst();
    }
  }

  /**
   * Frees what messages of this process have outside of their bytes, if nobody can receive them any
   * more.
   */
  void freeUnreceivable() {
    boolean unheld = !receivers.isHeldByLiving();
    boolean alone = unheld && receiving.tryTake() != OwnedWord.Result.NOT_TAKEN; // nobody is at it
    try {
      synchronized (sent) {
        forgetReceived();
        if (alone) {
          sent.forEach(message -> message.attachments().forEach(Attachment::free));
          sent.clear();
        }
        if (sent.isEmpty()) {
          Abandoned.remove(this);
        }
      }
    } finally {
      if (alone) {
        boolean _ = receiving.free();
      }
    }
  }

  private int claim(int type, int length, Own own) throws IOException, InterruptedException {
    int at = out.claim(type, length);
    if (at >= 0) {
      return at;
    }
    SpinBudget.Spin spin = sendSpins.spin(type == REST);
    while (at < 0 && spin.goesOn()) {
      at = out.claim(type, length);
    }
    sendSpins.learn(at >= 0);
    while (at < 0) {
      sendersAsleep.announce();
      own.requireOpen();
      requireReceiver();
      at = out.claim(type, length);
      if (at < 0) {
        sendersAsleep.await(Deadline.NEVER);
        at = out.claim(type, length);
      }
    }
    return at;
  }

  private void requireReceiver() throws PeerClosedException {
    if (!receivers.isHeld()) {
      throw new PeerClosedException("nobody holds the other end of the pipe any more");
    }
  }

  // receiving

  /**
   * Receives a message, waiting for it.
   *
   * @throws EOFException if there is none, and nobody who could send one
   * @throws InterruptedException if interrupted while waiting; a message is lost only if its sender
   *     has stopped in the middle of it
   */
  void receive(Endpoint.Target target, Own own) throws IOException, InterruptedException {
    OwnedWord.Result _ = receiving.take(Deadline.NEVER);
    try {
      own.requireOpen();
      in.resumeConsumer();
      boolean received = false;
      while (!received) {
        boolean _ = awaitRecord(own, Deadline.NEVER);
        received = readMessage(target, own);
      }
      senders.heard();
    } finally {
      boolean _ = receiving.free();
      wakeSenders();
    }
  }

  private boolean readMessage(Endpoint.Target target, Own own)
      throws IOException, InterruptedException {
    return switch (in.type()) {
      case WHOLE -> {
        copy(0, target.allocate(in.length()), 0);
        yield true;
      }
      case FIRST -> readFragments(target, own);
      default -> {
        passOver(); // of a message that somebody has begun to receive
        yield false;
      }
    };
  }

  /** Releases the record; who sends the message that it is of may wait for that. */
  private void passOver() {
    in.release();
    VarHandle.fullFence();
    wakeSenders();
  }

  private boolean readFragments(Endpoint.Target target, Own own)
      throws IOException, InterruptedException {
    long length = bytes.getLong(in.body());
    MemorySegment to;
    try {
      to = target.allocate(length);
    } catch (IOException e) {
      if (passOverIfGivenUp()) {
        return false;
      }
      throw e;
    }
    long received = copy(HEAD, to, 0);
    while (received < length) {
      if (!awaitRest(own) || in.type() != REST) {
        return false; // who has sent it has given it up
      }
      received += copy(0, to, received);
      VarHandle.fullFence();
      wakeSenders();
    }
    return true;
  }

  /** Whether somebody sends who lives, perhaps through an end that was closed meanwhile. */
  private boolean isSending() {
    return !sending.isFree() && !sending.isOwnerGone();
  }

  /**
   * Whether who sends has come to the current record, the first of a long message, and not gone on
   * to another one, which may find no room to show itself.
   */
  private boolean isSendingThis() {
    long by = words.getLong(begunBy); // first: if the rest holds, this was sent at that time
    return by != Participant.NOBODY
        && sending.isOwnedBy(by)
        && words.getLong(begin) <= in.position()
        && Participant.isAlive(by);
  }

  /**
   * Passes over the long message that begins with the current record, if its sender has stopped in
   * the middle of it; else that stays the current record.
   */
  private boolean passOverIfGivenUp() {
    boolean goesOn = isSendingThis();
    long missing = bytes.getLong(in.body()) - (in.length() - HEAD);
    in.skip();
    while (missing > 0 && in.next() && in.type() == REST) {
      missing -= in.length();
      in.skip();
    }
    boolean givenUp = missing > 0 && (in.next() || !goesOn);
    in.resumeConsumer();
    boolean _ = in.next(); // what was current
    if (givenUp) {
      do {
        passOver();
      } while (in.next() && in.type() == REST);
    }
    return givenUp;
  }

  /** Wakes who waits for room when there is some to spare; they look by themselves now and then. */
  private void wakeSenders() {
    if (sendersAsleep.isAnnounced() && in.isHalfFree()) {
      sendersAsleep.wake(ALL);
    }
  }

  /** Copies from the record, and releases it. */
  private int copy(int from, MemorySegment to, long offset) {
    int part = in.length() - from;
    ByteCopy.copy(bytes.memory(), (long) in.body() + from, to, offset, part);
    in.release();
    return part;
  }

  /** Whether there is a message, or never will be one. */
  boolean poll(Deadline deadline, Own own) throws InterruptedException {
    if (receiving.take(deadline) == OwnedWord.Result.NOT_TAKEN) {
      receiversAsleep.announce(); // as whoever asks will sleep, though another receives
      return false;
    }
    try {
      own.requireOpen();
      in.resumeConsumer();
      while (awaitRecord(own, deadline)) {
        if (in.type() == REST) {
          passOver();
        } else if (in.type() != FIRST || !passOverIfGivenUp()) {
          return true;
        }
      }
      return false;
    } catch (EOFException e) {
      return true;
    } finally {
      boolean _ = receiving.free();
    }
  }

  /** Waits until a record is there; false if the time is over. */
  private boolean awaitRecord(Own own, Deadline deadline)
      throws EOFException, InterruptedException {
    if (in.next() || (!deadline.isOver() && spin(false))) {
      return true;
    }
    while (true) {
      receiversAsleep.announce();
      own.requireOpen();
      boolean mayCome = senders.isHeld() || isSending();
      if (in.next()) { // what was sent is there before its sender goes
        return true;
      }
      if (!mayCome) {
        throw new EOFException("nobody holds the other end of the pipe any more");
      }
      if (deadline.isOver()) {
        return false;
      }
      receiversAsleep.await(deadline);
      if (in.next()) {
        return true;
      }
    }
  }

  /** Whether a record has come while spinning, for long if it is known to be on its way. */
  private boolean spin(boolean forLong) {
    SpinBudget.Spin spin = receiveSpins.spin(forLong);
    boolean come = false;
    while (!come && spin.goesOn()) {
      come = in.next();
    }
    receiveSpins.learn(come);
    return come;
  }

  /**
   * Waits for the next record of a message; false if its sender has given it up. An interrupt waits
   * with it, unless the sender does nothing.
   */
  private boolean awaitRest(Own own) throws InterruptedException {
    if (in.next() || spin(true)) {
      return true;
    }
    long begun = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        receiversAsleep.announce();
        boolean late = System.nanoTime() - begun > PeerWatch.LOOK_NANOS;
        if (late) {
          own.requireOpen(); // not before, as the message would be lost for other holders
        }
        boolean sent = !sending.isFree() && !(late && sending.isOwnerGone());
        if (in.next()) {
          return true;
        }
        if (!sent) {
          return false;
        }
        if (late && interrupted) {
          interrupted = false;
          throw new InterruptedException();
        }
        interrupted |= !sleep();
        if (in.next()) {
          return true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Sleeps for a record; false if interrupted. */
  private boolean sleep() {
    try {
      receiversAsleep.await(Deadline.NEVER);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
