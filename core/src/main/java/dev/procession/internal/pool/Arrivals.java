package dev.procession.internal.pool;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Outcomes in the order in which they come in. */
final class Arrivals implements Collector {
  private final String description;
  private final LinkedBlockingQueue<Outcome> arrived = new LinkedBlockingQueue<>();
  private volatile boolean dropped;

  // of the thread that submits and takes
  private int submitted;
  private int taken;

  Arrivals(String description) {
    this.description = description;
  }

  @Override
  public String describe(int index) {
    return description + " item " + index;
  }

  @Override
  public int submit(int count) {
    int first = submitted;
    submitted += count;
    return first;
  }

  @Override
  public int untaken() {
    return submitted - taken;
  }

  @Override
  public void ended(int index, Outcome outcome) {
    boolean _ = arrived.add(outcome);
    if (dropped) {
      discardAll();
    }
  }

  @Override
  public void show() {
    // each is seen at once
  }

  @Override
  public Outcome take(long nanos) throws InterruptedException, TimeoutException {
    Outcome outcome = arrived.poll(nanos, TimeUnit.NANOSECONDS);
    if (outcome == null) {
      throw new TimeoutException("no result in time");
    }
    taken++;
    return outcome.read();
  }

  @Override
  public void drop() {
    dropped = true;
    discardAll();
  }

  private void discardAll() {
    Outcome outcome = arrived.poll();
    while (outcome != null) {
      outcome.discard();
      outcome = arrived.poll();
    }
  }

  @Override
  public boolean isDropped() {
    return dropped;
  }
}
