package dev.procession.internal.manager;

import dev.procession.internal.shared.Deadline;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A condition of a served lock. */
@SuppressWarnings("WaitNotInLoop") // the loop is in Waiting
final class ConditionObject implements Condition {
  private final LockObject lock;

  /** Those who wait and were not signalled. Guarded by the lock's waiting. */
  private final Queue<Object> waiters = new ArrayDeque<>();

  ConditionObject(LockObject lock) {
    this.lock = lock;
  }

  private boolean awaitSignal(Deadline deadline) throws InterruptedException {
    Caller me = Caller.current();
    return lock.waiting().change(() -> awaitSignal(me, deadline));
  }

  private boolean awaitSignal(Caller me, Deadline deadline) throws InterruptedException {
    int holds = lock.giveUp(me);
    Object waiter = new Object();
    waiters.add(waiter);
    try {
      lock.waiting().changed();
      return lock.waiting().await(() -> !waiters.contains(waiter), deadline);
    } catch (InterruptedException e) {
      if (waiters.contains(waiter)) {
        throw e;
      }
      Thread.currentThread().interrupt(); // the signal came first, and is for nobody else
      return true;
    } finally {
      goOn(me, waiter, holds);
    }
  }

  /** Takes the lock again; who cannot any more leaves a signal to the next. */
  private void goOn(Caller me, Object waiter, int holds) {
    if (!waiters.remove(waiter) && me.client().isGone()) {
      Object _ = waiters.poll();
    }
    lock.takeAgain(me, holds);
  }

  @Override
  public void await() throws InterruptedException {
    boolean _ = awaitSignal(Deadline.NEVER);
  }

  @Override
  public void awaitUninterruptibly() {
    Caller me = Caller.current();
    lock.waiting()
        .change(
            () -> {
              int holds = lock.giveUp(me);
              Object waiter = new Object();
              waiters.add(waiter);
              lock.waiting().changed();
              try {
                lock.waiting().awaitAnyway(() -> !waiters.contains(waiter), me.client());
              } finally {
                goOn(me, waiter, holds);
              }
              return true;
            });
  }

  @Override
  public long awaitNanos(long nanos) throws InterruptedException {
    Deadline deadline = Deadline.in(nanos);
    boolean _ = awaitSignal(deadline);
    return deadline.left();
  }

  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return awaitSignal(Deadline.in(unit.toNanos(time)));
  }

  @Override
  @SuppressWarnings("JavaUtilDate") // as the interface has it
  public boolean awaitUntil(Date deadline) throws InterruptedException {
    long millis = deadline.getTime() - System.currentTimeMillis();
    return awaitSignal(Deadline.in(TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  @Override
  public void signal() {
    lock.waiting()
        .change(
            () -> {
              lock.requireOwnedNow();
              return waiters.poll();
            });
  }

  @Override
  public void signalAll() {
    lock.waiting()
        .change(
            () -> {
              lock.requireOwnedNow();
              waiters.clear();
              return true;
            });
  }

  @Override
  public String toString() {
    return "Condition[" + lock + ']';
  }
}
