package dev.procession.internal.manager;

import dev.procession.internal.shared.Deadline;
import dev.procession.manager.ServedBarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;

/** A barrier that is served. */
final class BarrierObject implements ServedBarrier, Servant {
  private final int parties;
  private final Waiting waiting = new Waiting();

  /** Guarded by waiting. */
  private Round round = new Round();

  /** Those who wait for each other. */
  private static final class Round {
    private final List<Client> waiters = new ArrayList<>();
    private boolean over;
    private boolean broken;
  }

  BarrierObject(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException("not positive: parties=" + parties);
    }
    this.parties = parties;
  }

  @Override
  public int await() throws InterruptedException, BrokenBarrierException {
    try {
      return await(Deadline.NEVER);
    } catch (TimeoutException e) {
      throw new IllegalStateException("a wait without an end is over", e);
    }
  }

  @Override
  public int await(Duration timeout)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    return await(Deadline.after(timeout));
  }

  private int await(Deadline deadline)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    Client client = Caller.current().client();
    waiting.lock();
    try {
      return await(client, deadline);
    } finally {
      waiting.unlock();
    }
  }

  private int await(Client client, Deadline deadline)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    Round mine = round;
    if (mine.broken || client.isGone()) {
      throw new BrokenBarrierException();
    }
    mine.waiters.add(client);
    int missing = parties - mine.waiters.size();
    if (missing == 0) {
      mine.over = true;
      round = new Round();
      waiting.changed();
      return 0;
    }
    boolean inTime = false;
    try {
      inTime = waiting.await(() -> mine.over || mine.broken, deadline);
    } catch (InterruptedException e) {
      if (!mine.over) {
        throw e;
      }
      Thread.currentThread().interrupt(); // it was let go before that
    } finally {
      if (!inTime) {
        breakUp(mine);
      }
    }
    if (mine.over) {
      return missing;
    }
    if (!inTime) {
      throw new TimeoutException();
    }
    throw new BrokenBarrierException();
  }

  private void breakUp(Round which) {
    which.broken = !which.over;
    waiting.changed();
  }

  @Override
  public void reset() {
    waiting.change(
        () -> {
          if (!round.waiters.isEmpty() || round.broken) {
            breakUp(round);
            round = new Round();
          }
          return true;
        });
  }

  @Override
  public void abort() {
    waiting.change(
        () -> {
          breakUp(round);
          return true;
        });
  }

  @Override
  public boolean isBroken() {
    return waiting.look(() -> round.broken);
  }

  @Override
  public int getParties() {
    return parties;
  }

  @Override
  public int getNumberWaiting() {
    return waiting.look(() -> round.broken ? 0 : round.waiters.size());
  }

  @Override
  public void left(Client client) {
    waiting.change(
        () -> {
          if (round.waiters.contains(client)) {
            breakUp(round);
          }
          return true;
        });
  }

  @Override
  public String toString() {
    return "Barrier[parties=" + parties + ", waiting=" + getNumberWaiting() + ']';
  }
}
