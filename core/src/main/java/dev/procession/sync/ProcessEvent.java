package dev.procession.sync;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.WordWaiter;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;

/**
 * A flag on which threads of many processes wait until it is set. Setting takes one store: no death
 * leaves it half set, and it never waits for those who wait.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}.
 */
public final class ProcessEvent implements AutoCloseable, Serializable {
  // one word: how often it was set, times two, plus 1 if it is
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "event";
  private static final long STATE = SharedObject.at(0);
  private static final int SET = 1;

  private final transient SharedHandle handle;

  ProcessEvent(SharedHandle handle) {
    this.handle = handle;
  }

  /**
   * Creates an event that is not set.
   *
   * @return the event; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static ProcessEvent open() {
    return new ProcessEvent(SharedHandle.create(WHAT, 64));
  }

  /** Sets it, and wakes all who wait. */
  public void set() {
    SharedWords words = handle.words();
    int state = words.getInt(STATE);
    while ((state & SET) == 0) {
      if (words.compareAndSetInt(STATE, state, state + 2 | SET)) {
        WordWaiter.wake(words, STATE, Integer.MAX_VALUE);
        return;
      }
      state = words.getInt(STATE);
    }
  }

  /** Takes it back. Those who were waiting when it was set go on all the same. */
  public void clear() {
    SharedWords words = handle.words();
    int state = words.getInt(STATE);
    while ((state & SET) != 0 && !words.compareAndSetInt(STATE, state, state & ~SET)) {
      state = words.getInt(STATE);
    }
  }

  /**
   * Whether it is set.
   *
   * @return true if so, as of a moment ago
   */
  public boolean isSet() {
    return (handle.words().getInt(STATE) & SET) != 0;
  }

  /**
   * Waits until it is set, also if it is cleared at once.
   *
   * @throws InterruptedException if interrupted
   */
  public void await() throws InterruptedException {
    boolean _ = await(Deadline.NEVER);
  }

  /**
   * Waits until it is set, also if it is cleared at once, for a limited time.
   *
   * @param timeout zero or less does not wait
   * @return whether it was set, before or meanwhile
   * @throws InterruptedException if interrupted
   */
  public boolean await(Duration timeout) throws InterruptedException {
    return await(Deadline.after(timeout));
  }

  private boolean await(Deadline deadline) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    SharedWords words = handle.words();
    int first = words.getInt(STATE);
    int state = first;
    while ((state & SET) == 0 && state == first && !deadline.isOver()) {
      WordWaiter.await(words, STATE, state, deadline);
      state = words.getInt(STATE);
    }
    return (state & SET) != 0 || state != first;
  }

  SharedHandle handle() {
    return handle;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    handle.close();
  }

  /** Whether it is set. */
  @Override
  public String toString() {
    return "ProcessEvent[" + (handle.isClosed() ? "closed" : isSet() ? "set" : "not set") + "]";
  }

  /** {@return what travels: the path of the file} */
  @Serial
  private Object writeReplace() {
    return new Handle(handle.reference());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new ProcessEvent(SharedHandle.arrived(WHAT, path));
    }
  }
}
