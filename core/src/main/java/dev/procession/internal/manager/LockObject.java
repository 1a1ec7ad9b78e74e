package dev.procession.internal.manager;

import dev.procession.internal.shared.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is served. Its owner is a thread of a client; when that ends, the lock is free. One
 * that is not reentrant may be unlocked by anybody.
 */
final class LockObject implements Lock, Servant {
  private final boolean reentrant;
  private final Waiting waiting = new Waiting();

  // guarded by waiting
  private @Nullable Caller owner;
  private int holds;

  LockObject(boolean reentrant) {
    this.reentrant = reentrant;
  }

  Waiting waiting() {
    return waiting;
  }

  private boolean take(Caller me) {
    if (me.client().isGone()) {
      return false;
    }
    if (owner == null || (reentrant && me.equals(owner))) {
      owner = me;
      holds++;
      return true;
    }
    return false;
  }

  @Override
  public void lock() {
    Caller me = Caller.current();
    waiting.look(
        () -> {
          waiting.awaitAnyway(() -> take(me), me.client());
          return true;
        });
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    Caller me = Caller.current();
    boolean _ = waiting.look(() -> waiting.await(() -> take(me), Deadline.NEVER));
  }

  @Override
  public boolean tryLock() {
    Caller me = Caller.current();
    return waiting.look(() -> take(me));
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    Caller me = Caller.current();
    return waiting.look(() -> waiting.await(() -> take(me), Deadline.in(unit.toNanos(time))));
  }

  @Override
  public void unlock() {
    Caller me = Caller.current();
    waiting.change(
        () -> {
          requireOwned(me);
          holds--;
          if (holds == 0) {
            owner = null;
          }
          return true;
        });
  }

  private void requireOwned(Caller me) {
    if (owner == null || (reentrant && !me.equals(owner))) {
      throw new IllegalMonitorStateException(
          owner == null ? "lock is free" : "lock is owned by another: owner=" + owner.client());
    }
  }

  @Override
  public Condition newCondition() {
    return new ConditionObject(this);
  }

  /** Gives it up to wait; within a step. */
  int giveUp(Caller me) {
    requireOwned(me);
    int before = holds;
    owner = null;
    holds = 0;
    return before;
  }

  /** Takes it again after that. */
  void takeAgain(Caller me, int count) {
    waiting.awaitAnyway(() -> take(me), me.client());
    holds = count;
  }

  void requireOwnedNow() {
    requireOwned(Caller.current());
  }

  @Override
  public void left(Client client) {
    waiting.change(
        () -> {
          if (owner != null && owner.client() == client) {
            owner = null;
            holds = 0;
          }
          return true;
        });
  }

  @Override
  public String toString() {
    return waiting.look(() -> owner == null ? "Lock[free]" : "Lock[owner=" + owner.client() + ']');
  }
}
