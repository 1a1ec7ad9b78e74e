package dev.procession.internal.manager;

import dev.procession.internal.shared.Deadline;
import dev.procession.manager.ManagerException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Threads of clients that wait for the state of a servant to change. */
final class Waiting {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Begins a step by hand, where it throws of many kinds. */
  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Within a step: those who wait look again. */
  void changed() {
    changed.signalAll();
  }

  /** Something that is done while nobody else does. */
  interface Step<R extends @Nullable Object, X extends Exception> {
    R run() throws X;
  }

  /** Does something to the state; those who wait look again. */
  <R extends @Nullable Object, X extends Exception> R change(Step<R, X> step) throws X {
    lock.lock();
    try {
      return step.run();
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  /** Looks at the state. */
  <R extends @Nullable Object, X extends Exception> R look(Step<R, X> step) throws X {
    lock.lock();
    try {
      return step.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits within a step until something is so; false if the time is over before.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  boolean await(BooleanSupplier condition, Deadline deadline) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(); // also if there is nothing to wait for
    }
    while (!condition.getAsBoolean()) {
      long left = deadline.left();
      if (left <= 0) {
        return false;
      }
      boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
    }
    return true;
  }

  /** Waits likewise whatever happens, but for the end of who waits. */
  void awaitAnyway(BooleanSupplier condition, Client client) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      if (client.isGone()) {
        throw new ManagerException("client is gone: " + client, null);
      }
      try {
        changed.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
