package dev.procession.internal.manager;

import dev.procession.internal.shared.Deadline;
import dev.procession.manager.ServedSemaphore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A semaphore that is served. What a client has acquired is released at its end: unless a client
 * has ever released more than it had, as then permits are signals, which belong to nobody. In a
 * bounded one no client can.
 */
final class SemaphoreObject implements ServedSemaphore, Servant {
  private final Waiting waiting = new Waiting();

  // guarded by waiting
  private int permits;
  private final Map<Client, Integer> held = new HashMap<>();
  private boolean isOfSignals;

  private final boolean isBounded;

  SemaphoreObject(int permits, boolean isBounded) {
    if (permits < (isBounded ? 1 : 0)) {
      throw new IllegalArgumentException("too few: permits=" + permits);
    }
    this.permits = permits;
    this.isBounded = isBounded;
  }

  private boolean take(int count, Client client) {
    if (permits < count || client.isGone()) {
      return false;
    }
    permits -= count;
    held.merge(client, count, Integer::sum);
    return true;
  }

  private boolean acquire(int count, Deadline deadline) throws InterruptedException {
    require(count);
    Client client = Caller.current().client();
    return waiting.look(() -> waiting.await(() -> take(count, client), deadline));
  }

  private static void require(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("negative: count=" + count);
    }
  }

  @Override
  public void acquire() throws InterruptedException {
    boolean _ = acquire(1, Deadline.NEVER);
  }

  @Override
  public boolean tryAcquire(int count, Duration timeout) throws InterruptedException {
    return acquire(count, Deadline.after(timeout));
  }

  @Override
  public boolean tryAcquire() {
    Client client = Caller.current().client();
    return waiting.look(() -> take(1, client));
  }

  @Override
  public void release() {
    release(1);
  }

  @Override
  public void release(int count) {
    require(count);
    Client client = Caller.current().client();
    waiting.change(
        () -> {
          int left = held.getOrDefault(client, 0) - count;
          if (isBounded && left < 0) {
            throw new IllegalStateException(
                "released more than was acquired: permits=" + count + ", held=" + (left + count));
          }
          permits += count;
          isOfSignals |= left < 0;
          if (left > 0) {
            held.put(client, left);
          } else {
            held.remove(client);
          }
          return true;
        });
  }

  @Override
  public int availablePermits() {
    return waiting.look(() -> permits);
  }

  @Override
  public void left(Client client) {
    waiting.change(
        () -> {
          Integer its = held.remove(client);
          permits += its == null || isOfSignals ? 0 : its;
          return true;
        });
  }

  @Override
  public String toString() {
    return "Semaphore[permits=" + availablePermits() + ']';
  }
}
