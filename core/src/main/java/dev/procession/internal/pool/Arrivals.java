package dev.procession.internal.pool;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Outcomes in the order in which they come in. */
final class Arrivals extends Collector {
  private final LinkedBlockingQueue<Outcome> arrived = new LinkedBlockingQueue<>();

  Arrivals(String description) {
    super(description);
  }

  @Override
  public void ended(int index, Outcome outcome) {
    boolean _ = arrived.add(outcome);
    if (isDropped()) {
      discardUntaken();
    }
  }

  @Override
  public void show() {
    // each is seen at once
  }

  @Override
  Outcome await(long nanos) throws InterruptedException, TimeoutException {
    Outcome outcome = arrived.poll(nanos, TimeUnit.NANOSECONDS);
    if (outcome == null) {
      throw new TimeoutException("no result in time");
    }
    return outcome;
  }

  @Override
  void discardUntaken() {
    Outcome outcome = arrived.poll();
    while (outcome != null) {
      outcome.discard();
      outcome = arrived.poll();
    }
  }
}
