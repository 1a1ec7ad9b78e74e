package dev.procession.internal.ring;

import static dev.procession.internal.ring.RingLayout.CONSUMER_ASLEEP;
import static dev.procession.internal.ring.RingLayout.DATA;
import static dev.procession.internal.ring.RingLayout.HEAD;
import static dev.procession.internal.ring.RingLayout.HEADER;
import static dev.procession.internal.ring.RingLayout.NOTHING;
import static dev.procession.internal.ring.RingLayout.PADDING;
import static dev.procession.internal.ring.RingLayout.PRODUCER_ASLEEP;
import static dev.procession.internal.ring.RingLayout.TAIL;

import dev.procession.internal.os.WordWait;
import dev.procession.internal.segment.SharedBytes;
import java.lang.invoke.VarHandle;

/**
 * A queue of records from one process to another, in memory that both have mapped.
 *
 * <p>The producer claims room, writes the body, makes sure that nothing seems to come behind it,
 * and publishes it with one release store of its header: a producer that dies before has written
 * nothing. The consumer looks at one record at a time where it lies, and releases it when it no
 * longer needs the bytes. So a record passes from one processor to the other in the cache lines
 * that it lies in, without another for the tail.
 *
 * <p>Waking follows Dekker: a side that finds nothing to do announces that it will sleep, then
 * looks once more; the other side changes the ring, then looks whether a sleeper is announced. With
 * a full fence between the two steps on both sides, one of them sees the other. The waker withdraws
 * the announcement before it wakes, so that a sleeper is woken once.
 *
 * <p>An instance is one side's view and belongs to that side: use it as producer or as consumer,
 * from one thread at a time, but for waking, which is for any. What the peer writes is checked
 * before it is believed: a ring whose words make no sense is a {@link CorruptRingException}.
 */
public final class OneToOneRing {
  private final SharedBytes bytes;
  private final int start;
  private final int data;
  private final int capacity;

  /** Producer: end of what is published. Consumer: start of the current record. */
  private long position;

  /** Producer: the last head seen. */
  private long limit;

  /** Producer: position of the claimed record. */
  private long claimed;

  /** Consumer: length of the current record with header, or 0. Producer: of the claim. */
  private int current;

  // producer: of the claim; consumer: of the current record
  private int type;
  private int length;

  /**
   * @param start of the ring in the bytes, a multiple of 8
   * @param capacity of its data in bytes, a power of two
   */
  public OneToOneRing(SharedBytes bytes, int start, int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < 64) {
      throw new IllegalArgumentException("capacity is not a power of two: capacity=" + capacity);
    }
    if (start % Long.BYTES != 0 || start + size(capacity) > bytes.size()) {
      throw new IllegalArgumentException("no ring fits there: start=" + start);
    }
    this.bytes = bytes;
    this.start = start;
    this.data = start + DATA;
    this.capacity = capacity;
  }

  /** Bytes that a ring with a capacity takes. */
  public static int size(int capacity) {
    return DATA + capacity;
  }

  /** The longest body that always fits in a ring that is empty. */
  public int maxBody() {
    return capacity / 2 - HEADER;
  }

  // producer

  /** Takes over the producer's side from whoever had it, and has left it in order. */
  public void resumeProducer() {
    position = bytes.getLongAcquire(start + TAIL);
    current = 0;
  }

  /** Takes over the producer's side from one that has died: goes on behind what is published. */
  public void recoverProducer() {
    resumeProducer();
    long begin = position;
    long header = header(position);
    while (header != NOTHING) {
      position += length(header, position);
      if (position - begin > capacity) {
        throw new CorruptRingException("length of all records", position - begin, 0, capacity);
      }
      header = header(position);
    }
    bytes.putLongRelease(start + TAIL, position);
  }

  /**
   * Finds room for a record.
   *
   * @return the offset of its body in the bytes, or -1 if there is no room now
   * @throws IllegalArgumentException if there never will be: the body is longer than {@link
   *     #maxBody}
   */
  public int claim(int newType, int bodyLength) {
    if (bodyLength < 0 || bodyLength > maxBody()) {
      throw new IllegalArgumentException("record too long: length=" + bodyLength);
    }
    int whole = RingLayout.align(HEADER + bodyLength);
    int index = (int) position & (capacity - 1);
    int toEnd = capacity - index;
    int padding = whole > toEnd ? toEnd : 0;
    if (!hasRoom(padding + whole)) {
      return -1;
    }
    type = newType;
    length = bodyLength;
    current = padding + whole;
    claimed = position + padding;
    return at(claimed) + HEADER;
  }

  /** Whether there is, for so many bytes and the header of what comes behind them. */
  private boolean hasRoom(int wanted) {
    int needed = wanted + HEADER;
    if (position + needed - limit <= capacity) {
      return true;
    }
    long head = bytes.getLongAcquire(start + HEAD);
    if (head < limit || head > position) {
      throw new CorruptRingException("head", head, limit, position);
    }
    limit = head;
    return position + needed - limit <= capacity;
  }

  private int at(long anyPosition) {
    return data + ((int) anyPosition & (capacity - 1));
  }

  /** Producer: the position behind the last record that is published. */
  public long published() {
    return position;
  }

  /** The position behind the last record that is released; of any thread. */
  public long released() {
    return bytes.getLongAcquire(start + HEAD);
  }

  /** The position of the claimed record, by which {@link #isReusing} knows it. */
  public long claimed() {
    return claimed;
  }

  /**
   * Whether the bytes of a record may have been used again. Until this producer itself does that,
   * they stay as they are, although the consumer has released them.
   */
  public boolean isReusing(long recordPosition) {
    return recordPosition < limit;
  }

  /** Makes the claimed record visible. {@link #wakeConsumer} says whether somebody waits for it. */
  public void publish() {
    long next = position + current;
    bytes.putLong(at(next), NOTHING);
    if (claimed == position) {
      bytes.putLongRelease(at(position), RingLayout.header(type, length));
    } else {
      int padding = (int) (claimed - position);
      bytes.putLong(at(claimed), RingLayout.header(type, length));
      bytes.putLongRelease(at(position), RingLayout.header(PADDING, padding - HEADER));
    }
    position = next;
    current = 0;
    bytes.putLongRelease(start + TAIL, position);
  }

  /** Wakes the consumer if it has announced that it sleeps. */
  public void wakeConsumer(Waker waker) {
    wake(CONSUMER_ASLEEP, waker);
  }

  /** Waits until there is room for a body of that length, or a sleep ends for another reason. */
  public void awaitRoom(int bodyLength, Sleeper sleeper) {
    int whole = RingLayout.align(HEADER + bodyLength);
    int wanted = 2 * whole - HEADER; // the padding is shorter than the record
    if (hasRoom(wanted)) {
      return;
    }
    announce(PRODUCER_ASLEEP);
    if (!hasRoom(wanted)) {
      sleeper.sleep();
    }
    bytes.putInt(start + PRODUCER_ASLEEP, 0);
  }

  // consumer

  /** Takes over the consumer's side from whoever had it: goes on behind what is released. */
  public void resumeConsumer() {
    position = bytes.getLongAcquire(start + HEAD);
    current = 0;
  }

  /** Whether a record is there; if so it is the current one until it is {@link #release}d. */
  public boolean next() {
    if (current > 0) {
      return true;
    }
    long header = header(position);
    if (header == NOTHING) {
      return false;
    }
    current = length(header, position);
    if (RingLayout.type(header) == PADDING) {
      skip(); // its bytes are given back with those of the record behind it, which is there
      return next();
    }
    type = RingLayout.type(header);
    length = RingLayout.bodyLength(header);
    return true;
  }

  private long header(long recordPosition) {
    return bytes.getLongAcquire(at(recordPosition));
  }

  /** How long the record with a header is, which has to fit where it lies. */
  private int length(long header, long recordPosition) {
    int toEnd = capacity - ((int) recordPosition & (capacity - 1));
    int body = RingLayout.bodyLength(header);
    boolean padding = RingLayout.type(header) == PADDING;
    int least = padding ? toEnd - HEADER : 0; // it reaches the end
    int most = padding && toEnd == capacity ? -1 : toEnd - HEADER; // and never is all there is
    if (body < least || body > most) {
      throw new CorruptRingException("record length", body, least, most);
    }
    return RingLayout.align(HEADER + body);
  }

  /** Position of the current record. */
  public long position() {
    return position;
  }

  /** Type of the current record. */
  public int type() {
    return type;
  }

  /** Length of the current record's body in bytes. */
  public int length() {
    return length;
  }

  /** Offset of the current record's body in the bytes. */
  public int body() {
    return at(position) + HEADER;
  }

  /** Gives the current record's bytes back to the producer. */
  public void release() {
    position += current;
    current = 0;
    bytes.putLongRelease(start + HEAD, position);
  }

  /** Whether at least half of the ring is free. */
  public boolean isHalfFree() {
    return bytes.getLongAcquire(start + TAIL) - position <= capacity / 2;
  }

  /** Goes on to the next record without giving this one's bytes back: for who only looks. */
  public void skip() {
    position += current;
    current = 0;
  }

  /** Wakes the producer if it has announced that it sleeps for room. */
  public void wakeProducer(Waker waker) {
    wake(PRODUCER_ASLEEP, waker);
  }

  /**
   * Waits until a record is there, or a sleep ends for another reason: spins first, sleeps then.
   *
   * @param spinNanos how long to spin at most; 0 where a spinning thread would steal the peer's
   *     processor
   * @return whether a record is there
   */
  public boolean await(long spinNanos, Sleeper sleeper) {
    if (next() || (spinNanos > 0 && spin(spinNanos))) {
      return true;
    }
    announce(CONSUMER_ASLEEP);
    if (!next()) {
      sleeper.sleep();
    }
    bytes.putInt(start + CONSUMER_ASLEEP, 0);
    return next();
  }

  private boolean spin(long nanos) {
    long until = System.nanoTime() + nanos;
    do {
      for (int i = 0; i < 32; i++) {
        if (next()) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() < until);
    return false;
  }

  // both

  /** A sleeper for the consumer that waits on a word of this ring, for at most a slice of time. */
  public Sleeper consumerSleeper(WordWait wait, long sliceNanos) {
    return () -> wait.await(bytes.memory(), start + CONSUMER_ASLEEP, 1, sliceNanos);
  }

  /** A waker for whoever sleeps with {@link #consumerSleeper}. */
  public Waker consumerWaker(WordWait wait) {
    return () -> wait.wake(bytes.memory(), start + CONSUMER_ASLEEP, 1);
  }

  private void announce(int word) {
    bytes.putInt(start + word, 1);
    VarHandle.fullFence();
  }

  private void wake(int word, Waker waker) {
    VarHandle.fullFence();
    if (bytes.getInt(start + word) != 0) {
      bytes.putInt(start + word, 0);
      waker.wake();
    }
  }
}
