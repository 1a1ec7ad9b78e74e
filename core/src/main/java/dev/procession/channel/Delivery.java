package dev.procession.channel;

import dev.procession.internal.channel.ObjectQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An object that was taken from a {@link ProcessQueue} and is to be acknowledged. Until then the
 * queue keeps it: if the process ends before, however that happens, somebody else gets it.
 *
 * {@snippet :
 * try (var delivery = queue.takeDelivery()) {
 *   process(delivery.object());
 *   delivery.acknowledge();
 * } // an exception before gives it back
 * }
 *
 * <p>So an object is processed at least once; twice if a process ends after it has processed it and
 * before it has acknowledged that. Thread-safe. It cannot travel.
 *
 * @param <E> what the queue holds
 */
public final class Delivery<E> implements AutoCloseable {
  private final ObjectQueue<E> queue;
  private final ObjectQueue.Delivered<E> delivered;

  private enum State {
    OPEN,
    ACKNOWLEDGED,
    GIVEN_BACK
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  Delivery(ObjectQueue<E> queue, ObjectQueue.Delivered<E> delivered) {
    this.queue = queue;
    this.delivered = delivered;
  }

  /**
   * Returns what was taken.
   *
   * @return a copy of what was put
   */
  public E object() {
    return delivered.object();
  }

  /**
   * Returns how often it was delivered, so that what kills who processes it can be put aside.
   *
   * @return 1 for the first time
   */
  public int attempt() {
    return delivered.attempt();
  }

  /**
   * Says that it is done with. Once more does nothing.
   *
   * @throws IllegalStateException after {@link #close}, when it may be somebody else's
   */
  public void acknowledge() {
    if (state.compareAndSet(State.OPEN, State.ACKNOWLEDGED)) {
      queue.acknowledge(delivered.number());
    } else if (state.get() == State.GIVEN_BACK) {
      throw new IllegalStateException("delivery was given back");
    }
  }

  /** Gives it back, for another to take, unless it was acknowledged. Idempotent. */
  @Override
  public void close() {
    if (state.compareAndSet(State.OPEN, State.GIVEN_BACK)) {
      queue.giveBack(delivered.number());
    }
  }
}
