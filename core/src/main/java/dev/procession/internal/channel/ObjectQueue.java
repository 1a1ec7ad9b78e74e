package dev.procession.internal.channel;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import dev.procession.internal.shared.WordWaiter;
import java.io.InvalidObjectException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RecordQueue} of objects, which counts those that are done. Behind the record queue:
 *
 * <pre>
 *   640  objects that are done     8 bytes, on whose lower half is slept
 * </pre>
 */
public final class ObjectQueue<E> {
  private static final String WHAT = "queue";
  private static final long DONE = SharedObject.at(RecordQueue.SIZE);

  private final SharedHandle handle;
  private final RecordQueue records;

  private ObjectQueue(SharedHandle handle, long mostBytes) {
    this.handle = handle;
    this.records = new RecordQueue(handle, mostBytes);
  }

  /** Creates a queue. */
  public static <E> ObjectQueue<E> create(int capacity, long mostBytes) {
    SharedHandle handle = SharedHandle.create(WHAT, RecordQueue.SIZE + 128);
    ObjectQueue<E> queue = new ObjectQueue<>(handle, mostBytes);
    boolean created = false;
    try {
      queue.records.initialize(capacity);
      created = true;
      return queue;
    } finally {
      if (!created) {
        handle.close();
      }
    }
  }

  /** Attaches to a queue that has arrived. */
  public static <E> ObjectQueue<E> arrived(String path, long mostBytes)
      throws InvalidObjectException {
    return new ObjectQueue<>(SharedHandle.arrived(WHAT, path), mostBytes);
  }

  public String path() {
    return handle.path();
  }

  // putting

  /** Puts an object; false if there is no room in time. */
  public boolean put(E element, long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return put(element, Deadline.in(nanos));
  }

  private boolean put(E element, Deadline deadline) throws InterruptedException {
    if (element == null) {
      throw new NullPointerException("null cannot be put");
    }
    Messages messages = Messages.borrow();
    boolean put = false;
    try {
      messages.add(element);
      put = put(messages, deadline);
      return put;
    } finally {
      if (!put) {
        messages.discard();
      }
      messages.giveBack();
    }
  }

  private boolean put(Messages messages, Deadline deadline) throws InterruptedException {
    int[] ends = messages.ends();
    return records.put(messages.bytes(), ends, 0, deadline) == ends.length;
  }

  /** Puts an object if there is room now; an interrupt does not matter, as this does not wait. */
  public boolean offer(E element) {
    boolean interrupted = Thread.interrupted();
    try {
      return put(element, Deadline.in(0));
    } catch (InterruptedException e) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Puts objects, after all of them were encoded. */
  public void putAll(Collection<? extends E> elements) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Messages messages = Messages.borrow();
    try {
      for (E element : elements) {
        if (element == null) {
          throw new NullPointerException("null cannot be put");
        }
        messages.add(element);
      }
      boolean _ = put(messages, Deadline.NEVER);
    } finally {
      messages.giveBack();
    }
  }

  // taking

  /** Takes an object; null if there is none in time. */
  public @Nullable E take(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return take(Deadline.in(nanos));
  }

  @SuppressWarnings("unchecked")
  private @Nullable E take(Deadline deadline) throws InterruptedException {
    Messages messages = Messages.borrow();
    try {
      return records.take(messages, 1, false, deadline) == 0 ? null : (E) messages.get(0);
    } finally {
      messages.giveBack();
    }
  }

  /** Takes an object if there is one; an interrupt does not matter, as this does not wait. */
  public @Nullable E poll() {
    List<E> taken = drain(1);
    return taken.isEmpty() ? null : taken.getFirst();
  }

  /** Takes up to so many objects that are there. */
  @SuppressWarnings("unchecked")
  public List<E> drain(int most) {
    List<E> drained = new ArrayList<>();
    boolean interrupted = Thread.interrupted();
    Messages messages = Messages.borrow();
    try {
      int taken = most <= 0 ? 0 : records.take(messages, most, false, Deadline.in(0));
      for (int i = 0; i < taken; i++) {
        drained.add((E) messages.get(i));
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      messages.giveBack();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return drained;
  }

  /** The next object, which stays; null if there is none. */
  @SuppressWarnings("unchecked")
  public @Nullable E peek() {
    Messages messages = Messages.borrow();
    try {
      return records.peek(messages) ? (E) messages.get(0) : null;
    } finally {
      messages.giveBack();
    }
  }

  // what is to be acknowledged

  /** An object that was taken and is kept until it is acknowledged. */
  public record Delivered<E>(E object, long number, int attempt) {}

  /**
   * Takes an object to be acknowledged; null if there is none in time.
   *
   * @throws dev.procession.channel.MessageNotReadableException if it cannot be read here; it is
   *     done with
   */
  @SuppressWarnings("unchecked")
  public @Nullable Delivered<E> takeDelivery(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Messages messages = Messages.borrow();
    try {
      if (records.take(messages, 1, true, Deadline.in(nanos)) == 0) {
        return null;
      }
      boolean read = false;
      try {
        E object = (E) messages.get(0);
        read = true;
        return new Delivered<>(object, messages.number(), messages.attempt());
      } finally {
        if (!read) {
          records.acknowledge(messages.number());
        }
      }
    } finally {
      messages.giveBack();
    }
  }

  /** An object is done with. */
  public void acknowledge(long number) {
    records.acknowledge(number);
  }

  /** An object is for another. */
  public void giveBack(long number) {
    records.giveBack(number);
  }

  // the whole

  public long size() {
    records.forgetHalfPut();
    return records.size();
  }

  public int remainingCapacity() {
    return records.most() == Integer.MAX_VALUE
        ? Integer.MAX_VALUE
        : (int) Math.max(0, records.most() - records.size());
  }

  public boolean isClosed() {
    return handle.isClosed() || records.isClosed();
  }

  /** Closes it for all; the handle stays, for what is still to be taken. */
  public void close() {
    records.close();
  }

  // what is done

  /** Counts an object that was put as done. */
  public void taskDone() {
    SharedWords words = handle.words();
    long done;
    do {
      done = words.getLong(DONE);
      if (done >= records.put()) {
        throw new IllegalStateException("taskDone was called more often than objects were put");
      }
    } while (!words.compareAndSetLong(DONE, done, done + 1));
    if (done + 1 >= records.put()) {
      WordWaiter.wake(words, SharedWords.lowerHalf(DONE), Integer.MAX_VALUE);
    }
  }

  /** Waits until all are done; false if they are not in time. */
  public boolean awaitDone(long nanos) throws InterruptedException {
    Deadline deadline = Deadline.in(nanos);
    SharedWords words = handle.words();
    long done = words.getLong(DONE);
    while (done < records.put() && !deadline.isOver()) {
      WordWaiter.await(words, SharedWords.lowerHalf(DONE), (int) done, deadline);
      records.forgetHalfPut();
      done = words.getLong(DONE);
    }
    return done >= records.put();
  }
}
