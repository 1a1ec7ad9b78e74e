package dev.procession.internal.channel;

import dev.procession.channel.QueueClosedException;
import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.internal.segment.SharedFile;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.BackOff;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.SleepWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Records that many processes put at one end and take at the other, in order: a chain of rings,
 * each a file; the last one is written, the first one read. When a ring has no room, a larger one
 * follows.
 *
 * <pre>
 *    0  owned by who puts                    8 bytes     see OwnedWord
 *    8  ring that is written                 4 bytes     written by who puts
 *   64  number of the last record put        8 bytes     written by who puts
 *  128  owned by who takes                   8 bytes
 *  136  ring that is read                    4 bytes     written by who takes
 *  192  number of the last record taken      8 bytes     written by who takes
 *  200  deliveries made, and settled         8 bytes each, written by who takes; see Deliveries
 *  256  closed                               4 bytes     1 when nothing more may be put
 *  264  bytes of all rings                   8 bytes     changed by both
 *  272  most records                         8 bytes     never changes
 *  384  somebody sleeps who wants to take    4 bytes
 *  512  somebody sleeps who wants to put     4 bytes
 * </pre>
 *
 * <p><b>Deaths.</b> A record carries its number. Who puts writes the record, then that it is the
 * last, then publishes it: one that dies before has put nothing, and who takes the word over from
 * it sets the number right; so does who waits, now and then, as perhaps nobody puts any more. Who
 * takes copies the record, writes its number, then releases it: one that dies before it has written
 * the number has taken nothing; one that dies behind that has taken it, and who takes next releases
 * what is taken.
 *
 * <p><b>Sleeping.</b> Who finds nothing to do says that it will sleep, then looks once more; who
 * has put or taken something looks whether somebody sleeps, then wakes one. That one says again
 * that somebody sleeps before it goes on, as there may be others.
 */
final class RecordQueue {
  static final int SIZE = 640;
  private static final int FIRST_CAPACITY = 256 * 1024;

  /** A ring grows to twice the last one's capacity up to this, or more if a record needs it. */
  private static final int GROWN_CAPACITY = 16 << 20;

  private static final int LARGEST_CAPACITY = 1 << 30;

  private static final long PUTTING = SharedObject.at(0);
  private static final long PUT = SharedObject.at(64);
  private static final long WRITTEN = SharedObject.at(8);
  private static final long TAKING = SharedObject.at(128);
  private static final long TAKEN = SharedObject.at(192);
  private static final long DELIVERIES = SharedObject.at(200);
  private static final long READ = SharedObject.at(136);
  private static final long CLOSED = SharedObject.at(256);
  private static final long BYTES = SharedObject.at(264);
  private static final long MOST = SharedObject.at(272);
  private static final long TAKERS_ASLEEP = SharedObject.at(384);
  private static final long PUTTERS_ASLEEP = SharedObject.at(512);

  private static final int VALUE = 1;

  /** The least time to wait for who puts or takes at the moment, which is short. */
  private static final long OWNING_NANOS = 100_000_000;

  /** How often to look whether somebody has died while it put. */
  private static final long LOOK_NANOS = 100_000_000;

  /** In front of a record: its number. */
  private static final int HEAD = Long.BYTES;

  /** How long to look for a record before sleeping, where there are processors for both. */
  private static final int MOST_LOOKS = 3;

  /** The longest pause between two looks, each of which takes the cache line from who puts. */
  private static final int LONGEST_PAUSE = 16;

  private static final int SPINS = 1000;

  private final SharedHandle handle;
  private final OwnedWord putting;
  private final OwnedWord taking;
  private final SleepWord takersAsleep;
  private final SleepWord puttersAsleep;
  private final Deliveries deliveries;
  private final long mostBytes;

  /** The end that is written, as this process has it. Of who owns putting. */
  private @Nullable RingFile written;

  /** The last taken record, as known. Of who owns putting. */
  private long knownTaken;

  /** When this process has last looked whether who puts lives; threads that race look twice. */
  private long looked = System.nanoTime() - LOOK_NANOS;

  /** The end that is read, as this process has it. Of who owns taking. */
  private @Nullable RingFile read;

  RecordQueue(SharedHandle handle, long mostBytes) {
    this.handle = handle;
    this.mostBytes = mostBytes;
    this.putting = new OwnedWord(handle.object(), PUTTING);
    this.taking = new OwnedWord(handle.object(), TAKING);
    this.deliveries = new Deliveries(handle, DELIVERIES);
    this.takersAsleep = new SleepWord(handle.words(), TAKERS_ASLEEP);
    this.puttersAsleep = new SleepWord(handle.words(), PUTTERS_ASLEEP);
  }

  /** Makes the first ring of a new queue. */
  void initialize(long mostRecords) {
    handle.words().setLong(MOST, mostRecords);
    try {
      RingFile.create(path(0), FIRST_CAPACITY, 0);
      handle.words().setLong(BYTES, FIRST_CAPACITY);
    } catch (IOException e) {
      throw new UncheckedIOException("no room for a queue: " + e.getMessage(), e);
    }
  }

  private Path path(int ring) {
    Path base = handle.object().path();
    return base.resolveSibling(base.getFileName() + "." + ring);
  }

  private RingFile attach(@Nullable RingFile known, int ring) throws IOException {
    if (known != null && known.index() == ring) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    return RingFile.attach(path(ring), ring);
  }

  private static UncheckedIOException gone(IOException e) {
    return new UncheckedIOException("queue is gone, or has no room: " + e.getMessage(), e);
  }

  // putting

  /**
   * Puts records, waiting while there are too many.
   *
   * @param bytes of the records, one behind the other
   * @param ends of the records
   * @param from the first to be put
   * @return the first that was not put, as the time was over; the number of ends if all were
   * @throws QueueClosedException if it is closed
   * @throws IllegalStateException if the rings would take too many bytes
   * @throws InterruptedException if interrupted while waiting; those before are put
   */
  int put(byte[] bytes, int[] ends, int from, Deadline deadline) throws InterruptedException {
    int next = from;
    while (true) {
      OwnedWord.Result owned = putting.take(deadline.atLeast(OWNING_NANOS));
      if (owned == OwnedWord.Result.NOT_TAKEN) {
        return next;
      }
      int before = next;
      try {
        next = write(bytes, ends, next, owned == OwnedWord.Result.TAKEN_FROM_DEAD);
      } catch (IOException e) {
        throw gone(e);
      } finally {
        boolean _ = putting.free();
      }
      if (next > before) {
        takersAsleep.wake(1);
      }
      if (next == ends.length || deadline.isOver()) {
        return next;
      }
      sleepUntilRoom(deadline);
    }
  }

  private int write(byte[] bytes, int[] ends, int from, boolean fromDead) throws IOException {
    SharedWords words = handle.words();
    if (words.getInt(CLOSED) != 0) {
      throw new QueueClosedException("queue is closed: " + handle.path());
    }
    RingFile file = resumeWriting(fromDead);
    long most = words.getLong(MOST);
    long put = words.getLong(PUT);
    int next = from;
    while (next < ends.length && hasRoom(words, put, most)) {
      int start = next == 0 ? 0 : ends[next - 1];
      int length = HEAD + ends[next] - start;
      int offset = length > file.ring().maxBody() ? -1 : file.ring().claim(VALUE, length);
      if (offset < 0) {
        file = grow(file, length, put);
        continue;
      }
      put++;
      file.bytes().putLong(offset, put);
      file.bytes().putBytes(offset + HEAD, bytes, start, length - HEAD);
      words.setLongRelease(PUT, put);
      file.ring().publish();
      next++;
    }
    return next;
  }

  private RingFile resumeWriting(boolean fromDead) throws IOException {
    SharedWords words = handle.words();
    RingFile file = attach(written, words.getInt(WRITTEN));
    written = file;
    file.ring().resumeProducer();
    if (fromDead) {
      file.ring().recoverProducer();
      words.setLong(PUT, lastPublished(file));
    }
    return file;
  }

  private boolean hasRoom(SharedWords words, long put, long most) {
    if (put - knownTaken >= most) {
      knownTaken = words.getLong(TAKEN);
    }
    return put - knownTaken < most;
  }

  /** Who put before has died, perhaps between saying that it puts a record and publishing it. */
  private long lastPublished(RingFile file) throws IOException {
    long last = file.putBefore();
    try (RingFile walk = RingFile.attach(path(file.index()), file.index())) {
      OneToOneRing ring = walk.ring();
      ring.resumeConsumer();
      while (ring.next()) {
        last = Math.max(last, walk.bytes().getLong(ring.body()));
        ring.skip();
      }
    }
    return Math.max(last, handle.words().getLong(TAKEN)); // what was taken before the walk began
  }

  /**
   * Counts what somebody has died putting no more, if nobody has taken over since. Looks at the
   * system now and then.
   */
  void forgetHalfPut() {
    if (size() == 0 || System.nanoTime() - looked < LOOK_NANOS) {
      return;
    }
    looked = System.nanoTime();
    if (putting.isOwnerGone()) {
      OwnedWord.Result owned = putting.tryTake();
      if (owned != OwnedWord.Result.NOT_TAKEN) {
        freePutting(owned == OwnedWord.Result.TAKEN_FROM_DEAD);
      }
    }
  }

  /** Frees it, and sets right before what the dead have left. */
  private void freePutting(boolean fromDead) {
    try {
      if (fromDead) {
        RingFile _ = resumeWriting(true);
      }
    } catch (IOException e) {
      return; // gone with its creator: what it counts is of no use any more
    } finally {
      boolean _ = putting.free();
    }
  }

  private RingFile grow(RingFile full, int length, long put) throws IOException {
    long capacity = Math.min(2L * full.capacity(), Math.max(full.capacity(), GROWN_CAPACITY));
    while (capacity / 2 - 2 * HEAD < length) {
      capacity *= 2;
    }
    SharedWords words = handle.words();
    if (capacity > LARGEST_CAPACITY || words.getLong(BYTES) + capacity > mostBytes) {
      throw new IllegalStateException(
          "queue would take too much memory: record="
              + length
              + ", bytes="
              + words.getLong(BYTES)
              + ", most="
              + mostBytes);
    }
    int ring = full.index() + 1;
    RingFile.create(path(ring), (int) capacity, put);
    words.getAndAddLong(BYTES, capacity);
    words.setInt(WRITTEN, ring);
    RingFile file = attach(full, ring);
    written = file;
    return file;
  }

  private void sleepUntilRoom(Deadline deadline) throws InterruptedException {
    SharedWords words = handle.words();
    puttersAsleep.announce();
    boolean full = words.getLong(PUT) - words.getLong(TAKEN) >= words.getLong(MOST);
    if (full && words.getInt(CLOSED) == 0) {
      puttersAsleep.await(deadline);
      puttersAsleep.announce();
    }
  }

  // taking

  /** Gets the bytes of records, valid during the call. */
  interface Sink {
    /**
     * A record.
     *
     * @param attempt how often it is delivered with this time; 1 if it is not to be acknowledged
     */
    void accept(long number, int attempt, SharedBytes bytes, int offset, int length);
  }

  /**
   * Takes records, waiting for the first. One that was delivered to a process which has ended, or
   * has given it back, comes first, and alone.
   *
   * @param most to be taken
   * @param keep whether they will be acknowledged
   * @return how many were taken; 0 if the time is over
   * @throws QueueClosedException if it is closed and has no more
   * @throws InterruptedException if interrupted while waiting; nothing is taken
   */
  int take(Sink sink, int most, boolean keep, Deadline deadline) throws InterruptedException {
    boolean announced = false;
    int looks = 0;
    while (true) {
      if (taking.take(deadline.atLeast(OWNING_NANOS)) == OwnedWord.Result.NOT_TAKEN) {
        return 0;
      }
      int taken;
      boolean more;
      try {
        boolean closed = isClosed();
        if (closed && isDone()) {
          throw noMore();
        }
        taken = read(sink, most, keep);
        if (taken == 0
            && closed
            && !deliveries.isOut()) { // who put last has died before it was there
          throw noMore();
        }
        more = taken > 0 && next() != null;
        if (closed && isDone()) {
          unlink();
        }
      } catch (IOException e) {
        throw gone(e);
      } finally {
        boolean _ = taking.free();
      }
      if (taken > 0) {
        puttersAsleep.wake(1);
        if (more) {
          takersAsleep.wake(1);
        }
        return taken;
      }
      forgetHalfPut();
      if (deadline.isOver()) {
        return 0;
      }
      if (!announced && looks++ < MOST_LOOKS && hasComeMeanwhile()) {
        continue;
      }
      if (announced) {
        takersAsleep.await(deadline);
      }
      takersAsleep.announce();
      announced = true;
    }
  }

  /** Looks at the next record without taking it; false if there is none. */
  boolean peek(Sink sink) {
    boolean _ = taking.takeAnyway();
    try {
      if (size() == 0) {
        return false; // perhaps the files are gone
      }
      resume();
      RingFile file = next();
      if (file == null) {
        return false;
      }
      OneToOneRing ring = file.ring();
      long number = file.bytes().getLong(ring.body());
      sink.accept(number, 1, file.bytes(), ring.body() + HEAD, ring.length() - HEAD);
      return true;
    } catch (IOException e) {
      throw gone(e);
    } finally {
      boolean _ = taking.free();
    }
  }

  private void resume() throws IOException {
    RingFile file = attach(read, handle.words().getInt(READ));
    read = file;
    file.ring().resumeConsumer();
  }

  private boolean hasComeMeanwhile() {
    SharedWords words = handle.words();
    long taken = words.getLong(TAKEN);
    BackOff wait = new BackOff(SPINS, LONGEST_PAUSE);
    while (wait.goesOn()) {
      if (words.getLong(PUT) > taken) {
        return true;
      }
    }
    return false;
  }

  private int read(Sink sink, int most, boolean keep) throws IOException {
    resume(); // also for who only looks whether there is more
    if (deliveries.mayBeOut()) {
      Deliveries.Kept lost = deliveries.findLost(handle.words().getLong(TAKEN), keep);
      if (lost != null) {
        sink.accept(
            lost.number(), Deliveries.attempts(lost), lost.bytes(), lost.offset(), lost.length());
        return 1;
      }
    }
    int taken = 0;
    RingFile file;
    while (taken < most && (file = next()) != null) {
      OneToOneRing ring = file.ring();
      long number = file.bytes().getLong(ring.body());
      if (keep) {
        deliveries.keep(number, file.bytes(), ring.body() + HEAD, ring.length() - HEAD);
      }
      sink.accept(number, 1, file.bytes(), ring.body() + HEAD, ring.length() - HEAD);
      handle.words().setLongRelease(TAKEN, number);
      ring.release();
      taken++;
    }
    return taken;
  }

  /** The ring that has the next record, or null if there is none. */
  private @Nullable RingFile next() throws IOException {
    RingFile file = read;
    while (file != null && !hasNext(file)) {
      int last = handle.words().getInt(WRITTEN);
      if (last == file.index()) {
        return null;
      }
      if (!hasNext(file)) { // what was put there is published before the next ring is written
        file = follow(file);
      }
    }
    return file;
  }

  /**
   * Whether there is a record that is not taken; who took one may have died before releasing it.
   */
  private boolean hasNext(RingFile file) {
    OneToOneRing ring = file.ring();
    while (ring.next()) {
      if (file.bytes().getLong(ring.body()) > handle.words().getLong(TAKEN)) {
        return true;
      }
      ring.release();
    }
    return false;
  }

  private RingFile follow(RingFile done) throws IOException {
    SharedWords words = handle.words();
    int ring = done.index() + 1;
    words.setInt(READ, ring);
    words.getAndAddLong(BYTES, -done.capacity());
    RingFile file = attach(done, ring);
    read = file;
    file.ring().resumeConsumer();
    deleteBefore(ring);
    return file;
  }

  /** Deletes the file of the ring before, and of that before it, if somebody has died here. */
  private void deleteBefore(int ring) {
    for (int before = Math.max(0, ring - 2); before < ring; before++) {
      SharedFile.delete(path(before));
    }
  }

  // what was delivered

  /** A record that was kept is done with. */
  void acknowledge(long number) {
    deliveries.acknowledge(number);
    if (isClosed()) {
      takersAsleep.wakeAnyway(Integer.MAX_VALUE); // perhaps it was the last
      unlinkIfDone();
    }
  }

  /** A record that was kept is for another. */
  void giveBack(long number) {
    deliveries.giveBack(number);
    takersAsleep.wakeAnyway(1);
  }

  // the whole

  /** Records that were ever put. */
  long put() {
    return handle.words().getLong(PUT);
  }

  /** Records that were put and not taken; what is under way in other threads may count or not. */
  long size() {
    SharedWords words = handle.words();
    long taken = words.getLong(TAKEN);
    return Math.max(0, words.getLong(PUT) - taken);
  }

  long most() {
    return handle.words().getLong(MOST);
  }

  boolean isClosed() {
    return handle.words().getInt(CLOSED) != 0;
  }

  /** Nothing more may be put. Wakes all who sleep; removes the files if nothing is left. */
  void close() {
    SharedWords words = handle.words();
    boolean fromDead = putting.takeAnyway(); // so that nobody is about to put
    words.setInt(CLOSED, 1);
    freePutting(fromDead);
    takersAsleep.wakeAnyway(Integer.MAX_VALUE);
    puttersAsleep.wakeAnyway(Integer.MAX_VALUE);
    unlinkIfDone();
  }

  /** Whether nothing is left of a closed queue. */
  private boolean isDone() {
    return size() == 0 && !deliveries.isOut();
  }

  private void unlinkIfDone() {
    boolean _ = taking.takeAnyway(); // so that nobody is about to read the files
    try {
      if (isDone()) {
        unlink();
      }
    } finally {
      boolean _ = taking.free();
    }
  }

  private QueueClosedException noMore() {
    SharedWords words = handle.words();
    words.setLong(TAKEN, words.getLong(PUT)); // also what is counted and was never there
    unlink();
    return new QueueClosedException("queue is closed and has no more: " + handle.path());
  }

  /**
   * Removes the files of a closed queue that is empty: nobody needs them any more. Of who owns
   * taking.
   */
  private void unlink() {
    SharedWords words = handle.words();
    deleteBefore(words.getInt(READ));
    int next = words.getInt(WRITTEN) + 1; // of somebody who has died before it was written
    for (int ring = words.getInt(READ); ring <= next; ring++) {
      SharedFile.delete(path(ring));
    }
    handle.object().unlink();
  }
}
