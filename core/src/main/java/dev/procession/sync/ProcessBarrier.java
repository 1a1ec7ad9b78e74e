package dev.procession.sync;

import dev.procession.function.SerializableRunnable;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.WordWaiter;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A point where a number of threads, of any processes, wait for each other, with the methods of
 * {@link java.util.concurrent.CyclicBarrier}. It can be used again when all have left.
 *
 * <p>It breaks for all who wait when one of them is interrupted, waits too long, or ends with its
 * process, however that ends; when the action throws or its process ends; and by {@link #reset} or
 * {@link #abort}. Then they get a {@link BrokenBarrierException}, as do those who come later, until
 * it is {@link #reset}.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}; who waits by then goes
 * on waiting.
 */
public final class ProcessBarrier implements AutoCloseable, Serializable {
  //  0 parties, 4 bytes      8 mutex, 8 bytes
  // 16 generation, 4 bytes: changes when all have arrived, or it breaks or is reset; slept on
  // 20 1 if it is broken, 4 bytes
  // 24 arrived, 4 bytes      28 how generations ended, 4 bytes: for the last 32 a bit, 1 if it
  // broke
  // 64 for each who has arrived: its process, 8 bytes
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "barrier";
  private static final long PARTIES = SharedObject.at(0);
  private static final long MUTEX = SharedObject.at(8);
  private static final long GENERATION = SharedObject.at(16);
  private static final long BROKEN = SharedObject.at(20);
  private static final long ARRIVED = SharedObject.at(24);
  private static final long ENDINGS = SharedObject.at(28);
  private static final long PLACES = SharedObject.at(64);

  /** Looking for the others' processes each so many slices of a wait. */
  private static final int LOOK = 2;

  private final transient SharedHandle handle;
  private final transient SharedWords words;
  private final transient OwnedWord mutex;
  private final transient @Nullable SerializableRunnable action;

  ProcessBarrier(SharedHandle handle, @Nullable SerializableRunnable action) {
    this.handle = handle;
    this.words = handle.words();
    this.mutex = new OwnedWord(handle.object(), MUTEX);
    this.action = action;
  }

  /**
   * Creates a barrier.
   *
   * @param parties that have to arrive; at least one
   * @return the barrier; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the number is not positive
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessBarrier open(int parties) {
    return create(parties, null);
  }

  /**
   * Creates a barrier with an action that the last to arrive runs, in its thread, before the others
   * go on.
   *
   * @param parties that have to arrive; at least one
   * @param action that travels with the barrier
   * @return the barrier, as of {@link #open(int)}
   * @throws IllegalArgumentException if the number is not positive
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessBarrier open(int parties, SerializableRunnable action) {
    return create(parties, action);
  }

  private static ProcessBarrier create(int parties, @Nullable SerializableRunnable action) {
    if (parties < 1) {
      throw new IllegalArgumentException("not positive: parties=" + parties);
    }
    SharedHandle handle = SharedHandle.create(WHAT, 64 + (long) Long.BYTES * parties);
    handle.words().setInt(PARTIES, parties);
    return new ProcessBarrier(handle, action);
  }

  private static long place(int index) {
    return PLACES + (long) Long.BYTES * index;
  }

  /**
   * Waits until all have arrived.
   *
   * @return how many were still to come: 0 for the last, the parties less one for the first
   * @throws InterruptedException if interrupted; the barrier breaks
   * @throws BrokenBarrierException if the barrier is broken, or breaks meanwhile
   */
  public int await() throws InterruptedException, BrokenBarrierException {
    try {
      return await(Deadline.NEVER);
    } catch (TimeoutException e) {
      throw new IllegalStateException("three centuries have passed", e);
    }
  }

  /**
   * Waits until all have arrived, for a limited time.
   *
   * @param timeout zero or less does not wait
   * @return how many were still to come: 0 for the last, the parties less one for the first
   * @throws InterruptedException if interrupted; the barrier breaks
   * @throws BrokenBarrierException if the barrier is broken, or breaks meanwhile
   * @throws TimeoutException if not all came in time; the barrier breaks
   */
  public int await(Duration timeout)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    return await(Deadline.after(timeout));
  }

  private int await(Deadline deadline)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    SharedWords _ = handle.words();
    while (true) {
      int generation;
      int index;
      lock();
      try {
        if (Thread.interrupted()) {
          breakIt();
          throw new InterruptedException();
        }
        if (words.getInt(BROKEN) != 0) {
          throw new BrokenBarrierException("barrier is broken");
        }
        generation = words.getInt(GENERATION);
        index = words.getInt(ARRIVED);
        if (index < words.getInt(PARTIES)) {
          words.setLong(place(index), Participant.me());
          words.setInt(ARRIVED, index + 1);
        }
      } finally {
        unlock();
      }
      int toCome = words.getInt(PARTIES) - index - 1;
      if (toCome == 0) {
        finish(generation);
        return 0;
      }
      awaitOthers(generation, index, deadline);
      if (toCome > 0) {
        return toCome;
      }
      // it came while the action of those before ran, and takes part in the next round
    }
  }

  /** Runs the action; the others still wait, and see it if this process ends meanwhile. */
  private void finish(int generation) throws BrokenBarrierException {
    boolean done = false;
    try {
      if (action != null) {
        run(action);
      }
      done = true;
    } finally {
      if (!done) {
        boolean _ = breakIf(generation);
      }
    }
    lock();
    try {
      if (words.getInt(GENERATION) != generation) {
        throw new BrokenBarrierException("barrier broke while its action ran");
      }
      end(false);
    } finally {
      unlock();
    }
  }

  private static void run(SerializableRunnable action) {
    try {
      action.perform();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("action of a barrier failed", e);
    }
  }

  /** Who is too late for a generation only waits for its end, and breaks nothing. */
  private void awaitOthers(int generation, int index, Deadline deadline)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    boolean tooLate = index >= words.getInt(PARTIES);
    int slices = 0;
    while (words.getInt(GENERATION) == generation) {
      if (deadline.isOver() && (tooLate || breakIf(generation))) {
        throw new TimeoutException("not all have come to the barrier in time");
      }
      try {
        WordWaiter.await(words, GENERATION, generation, deadline);
      } catch (InterruptedException e) {
        if (tooLate || breakIf(generation)) {
          throw e;
        }
        Thread.currentThread().interrupt(); // all had arrived, or it was broken, before
      }
      if (++slices % LOOK == 0 && isSomebodyGone(index)) {
        boolean _ = breakIf(generation);
      }
    }
    if ((words.getInt(ENDINGS) >>> generation & 1) != 0) {
      throw new BrokenBarrierException("barrier broke: somebody left it, or it was reset");
    }
  }

  /**
   * Each who waits looks at the next, the last at the first: if some have gone and some have not,
   * somebody is next to one who is gone. Who ended inside the mutex may have arrived or not.
   */
  private boolean isSomebodyGone(int index) {
    int arrived = Math.min(words.getInt(ARRIVED), words.getInt(PARTIES));
    return (arrived > 0 && !Participant.isAlive(words.getLong(place((index + 1) % arrived))))
        || mutex.isOwnerGone();
  }

  // under the mutex

  private void lock() {
    if (mutex.takeAnyway()) {
      breakIt(); // who had it has left something half done
    }
  }

  private void unlock() {
    boolean _ = mutex.free();
  }

  private boolean breakIf(int generation) {
    lock();
    try {
      if (words.getInt(GENERATION) != generation) {
        return false;
      }
      breakIt();
      return true;
    } finally {
      unlock();
    }
  }

  private void breakIt() {
    words.setInt(BROKEN, 1);
    end(true);
  }

  /** Ends the generation: those who wait for it go on. */
  private void end(boolean broken) {
    int generation = words.getInt(GENERATION);
    int endings = words.getInt(ENDINGS) & ~(1 << generation);
    words.setInt(ENDINGS, broken ? endings | 1 << generation : endings);
    words.setInt(ARRIVED, 0);
    words.setInt(GENERATION, generation + 1);
    WordWaiter.wake(words, GENERATION, Integer.MAX_VALUE);
  }

  /** Breaks it for those who wait, and makes it as new. */
  public void reset() {
    SharedWords _ = handle.words();
    lock();
    try {
      if (words.getInt(ARRIVED) > 0) {
        end(true);
      }
      words.setInt(BROKEN, 0);
    } finally {
      unlock();
    }
  }

  /** Breaks it, for those who wait and those who come, until it is {@link #reset}. */
  public void abort() {
    SharedWords _ = handle.words();
    lock();
    try {
      breakIt();
    } finally {
      unlock();
    }
  }

  /**
   * Whether it is broken.
   *
   * @return true until it is {@link #reset}
   */
  public boolean isBroken() {
    return handle.words().getInt(BROKEN) != 0;
  }

  /**
   * How many have to arrive.
   *
   * @return the number it was opened with
   */
  public int getParties() {
    return handle.words().getInt(PARTIES);
  }

  /**
   * How many have arrived and wait.
   *
   * @return the number, as of a moment ago
   */
  public int getNumberWaiting() {
    return handle.words().getInt(ARRIVED);
  }

  SharedHandle handle() {
    return handle;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    handle.close();
  }

  /** How many wait. */
  @Override
  public String toString() {
    return "ProcessBarrier["
        + (handle.isClosed()
            ? "closed"
            : isBroken() ? "broken" : getNumberWaiting() + " of " + getParties() + " wait")
        + "]";
  }

  /** {@return what travels: the path of the file} */
  @Serial
  private Object writeReplace() {
    return new Handle(handle.reference(), action);
  }

  private record Handle(String path, @Nullable SerializableRunnable action)
      implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new ProcessBarrier(SharedHandle.arrived(WHAT, path), action);
    }
  }
}
