package dev.procession.sync;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.WordWaiter;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/**
 * Permits that processes acquire and release, with the methods of {@link
 * java.util.concurrent.Semaphore}. There are two kinds:
 *
 * <ul>
 *   <li>{@link #open}: permits belong to nobody, and any process may release more than were ever
 *       there: a count of things that are available. A process that ends takes its permits with it.
 *   <li>{@link #openBounded}: permits belong to the process that has acquired them, and there are
 *       never more than at first. Those of a process that ends, however it does, are released for
 *       it.
 * </ul>
 *
 * <p>Not fair. Every method but {@link #release} throws {@link IllegalStateException} after {@link
 * #close}.
 */
public final class ProcessSemaphore implements AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "sema";
  private static final long BOUND = SharedObject.at(0);

  private final transient SharedHandle handle;
  private final transient Permits permits;

  ProcessSemaphore(SharedHandle handle) {
    this.handle = handle;
    this.permits =
        handle.words().getInt(BOUND) > 0 ? new OwnedPermits(handle) : new FreePermits(handle);
  }

  /** How permits are counted. */
  interface Permits {
    /** Takes so many at once, if there are; never waits for long. Again: after a sleep. */
    boolean tryTake(int count, boolean again);

    /** Takes back; throws {@link IllegalStateException} if there would be more than can be. */
    void give(int count);

    int available();

    /** Sleeps until there may be so many. */
    void sleep(int count, Deadline deadline) throws InterruptedException;
  }

  /**
   * Creates a semaphore whose permits belong to nobody.
   *
   * @param permits available at first; zero or more
   * @return the semaphore; this process's end, or closing it here, is the end of it for all who
   *     have not got it by then
   * @throws IllegalArgumentException if the number is negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessSemaphore open(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("negative: permits=" + permits);
    }
    SharedHandle handle = SharedHandle.create(WHAT, FreePermits.SIZE);
    ProcessSemaphore semaphore = new ProcessSemaphore(handle);
    semaphore.permits.give(permits);
    return semaphore;
  }

  /**
   * Creates a semaphore whose permits belong to those who have acquired them. Up to {@value
   * OwnedPermits#PROCESSES} processes may have some at a time.
   *
   * @param permits there are; at least one
   * @return the semaphore; this process's end, or closing it here, is the end of it for all who
   *     have not got it by then
   * @throws IllegalArgumentException if the number is not positive
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessSemaphore openBounded(int permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("not positive: permits=" + permits);
    }
    SharedHandle handle = SharedHandle.create(WHAT, OwnedPermits.SIZE);
    handle.words().setInt(BOUND, permits);
    return new ProcessSemaphore(handle);
  }

  /**
   * Acquires a permit, waiting for it.
   *
   * @throws InterruptedException if interrupted; nothing is acquired
   */
  public void acquire() throws InterruptedException {
    acquire(1);
  }

  /**
   * Acquires permits, all at once, waiting for them.
   *
   * @param count how many; zero or more, and of a bounded semaphore's at most all
   * @throws InterruptedException if interrupted; nothing is acquired
   */
  public void acquire(int count) throws InterruptedException {
    boolean _ = acquire(count, Deadline.NEVER);
  }

  /**
   * Acquires a permit if there is one.
   *
   * @return whether there was
   */
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Acquires permits if there are so many.
   *
   * @param count how many; zero or more
   * @return whether there were
   */
  public boolean tryAcquire(int count) {
    requireOpen(count);
    return permits.tryTake(count, false);
  }

  /**
   * Acquires a permit, waiting for it for a limited time.
   *
   * @param timeout zero or less does not wait
   * @param unit of the timeout
   * @return whether it was acquired
   * @throws InterruptedException if interrupted; nothing is acquired
   */
  public boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
    return tryAcquire(1, timeout, unit);
  }

  /**
   * Acquires permits, all at once, waiting for them for a limited time.
   *
   * @param count how many; zero or more
   * @param timeout zero or less does not wait
   * @param unit of the timeout
   * @return whether they were acquired
   * @throws InterruptedException if interrupted; nothing is acquired
   */
  public boolean tryAcquire(int count, long timeout, TimeUnit unit) throws InterruptedException {
    return acquire(count, Deadline.in(unit.toNanos(timeout)));
  }

  private boolean acquire(int count, Deadline deadline) throws InterruptedException {
    requireOpen(count);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    boolean again = false;
    while (!permits.tryTake(count, again)) {
      if (deadline.isOver()) {
        return false;
      }
      permits.sleep(count, deadline);
      again = true;
    }
    return true;
  }

  /**
   * Releases a permit.
   *
   * @throws IllegalStateException if it is a bounded semaphore, and none is acquired
   */
  public void release() {
    release(1);
  }

  /**
   * Releases permits.
   *
   * @param count how many; zero or more
   * @throws IllegalStateException if it is a bounded semaphore, and fewer are acquired; or if there
   *     were more than 2³¹−1
   */
  public void release(int count) {
    requireNotNegative(count);
    permits.give(count);
  }

  /**
   * How many permits are available.
   *
   * @return the number, as of a moment ago
   */
  public int availablePermits() {
    SharedWords _ = handle.words();
    return permits.available();
  }

  private void requireOpen(int count) {
    requireNotNegative(count);
    SharedWords _ = handle.words();
  }

  private static void requireNotNegative(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("negative: permits=" + count);
    }
  }

  SharedHandle handle() {
    return handle;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    handle.close();
  }

  /** How many permits are available. */
  @Override
  public String toString() {
    return "ProcessSemaphore["
        + (handle.isClosed() ? "closed" : "permits=" + permits.available())
        + "]";
  }

  /** {@return what travels: the path of the file} */
  @Serial
  private Object writeReplace() {
    return new Handle(handle.reference());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new ProcessSemaphore(SharedHandle.arrived(WHAT, path));
    }
  }

  /** Permits that belong to nobody: a number, on which those who want more than it sleep. */
  private static final class FreePermits implements Permits {
    static final int SIZE = 64;
    private static final long COUNT = SharedObject.at(8);
    private static final long SLEEPERS = SharedObject.at(12);

    /** Those of the sleepers that want more than one. */
    private static final long GREEDY = SharedObject.at(16);

    private final SharedWords words;

    FreePermits(SharedHandle handle) {
      this.words = handle.words();
    }

    @Override
    public boolean tryTake(int count, boolean again) {
      int seen = words.getInt(COUNT);
      while (seen >= count) {
        if (words.compareAndSetInt(COUNT, seen, seen - count)) {
          return true;
        }
        seen = words.getInt(COUNT);
      }
      return false;
    }

    @Override
    public void give(int count) {
      int seen;
      do {
        seen = words.getInt(COUNT);
        if (seen > Integer.MAX_VALUE - count) {
          throw new IllegalStateException("too many permits: available=" + seen);
        }
      } while (!words.compareAndSetInt(COUNT, seen, seen + count));
      if (words.getInt(SLEEPERS) != 0) {
        // what is too few for the one that sleeps longest may be enough for another
        WordWaiter.wake(words, COUNT, words.getInt(GREEDY) != 0 ? Integer.MAX_VALUE : count);
      }
    }

    @Override
    public int available() {
      return words.getInt(COUNT);
    }

    /**
     * When a sleeper is killed, the number of them stays too large: some wake-ups are for nobody.
     */
    @Override
    public void sleep(int count, Deadline deadline) throws InterruptedException {
      add(SLEEPERS, 1);
      add(GREEDY, count > 1 ? 1 : 0);
      try {
        int seen = words.getInt(COUNT);
        if (seen < count) {
          WordWaiter.await(words, COUNT, seen, deadline);
        }
      } finally {
        add(GREEDY, count > 1 ? -1 : 0);
        add(SLEEPERS, -1);
      }
    }

    private void add(long offset, int change) {
      int seen = words.getInt(offset);
      while (!words.compareAndSetInt(offset, seen, seen + change)) {
        seen = words.getInt(offset);
      }
    }
  }
}
