package dev.procession.internal.socket;

import dev.procession.internal.channel.Endpoint;
import dev.procession.internal.shared.Deadline;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Peers that have come in and that nobody has accepted; so many at most. Thread-safe. */
final class Backlog {
  /** A peer, and where it is if it has an address. */
  record Entered(Endpoint peer, @Nullable SocketAddress address) {}

  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // guarded by the lock
  private final Deque<Entered> entered = new ArrayDeque<>();
  private boolean closed;

  Backlog(int most) {
    this.most = most;
  }

  /** Adds a peer, waiting for room; false if this is closed. */
  boolean add(Entered peer) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && entered.size() >= most) {
        changed.await();
      }
      if (!closed) {
        entered.add(peer);
        changed.signalAll();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the peer that has waited longest; null if there is none in time, or this is closed. */
  @Nullable Entered take(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = deadline.left();
      while (!closed && entered.isEmpty() && left > 0) {
        left = Math.min(changed.awaitNanos(left), deadline.left());
      }
      Entered next = closed ? null : entered.poll();
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Drops all, now and later. Idempotent. */
  void close() {
    lock.lock();
    try {
      closed = true;
      entered.forEach(left -> left.peer().close());
      entered.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
