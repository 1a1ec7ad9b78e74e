package dev.procession.internal.manager;

import dev.procession.internal.shared.Deadline;
import dev.procession.manager.ServedEvent;
import java.time.Duration;

/** An event that is served. */
final class EventObject implements ServedEvent {
  private final Waiting waiting = new Waiting();

  // guarded by waiting
  private boolean happened;

  /** How often it did: who waits goes on although it is cleared at once. */
  private long times;

  @Override
  public void set() {
    waiting.change(
        () -> {
          times += happened ? 0 : 1;
          happened = true;
          return true;
        });
  }

  @Override
  public void clear() {
    boolean _ = waiting.change(() -> happened = false);
  }

  @Override
  public boolean isSet() {
    return waiting.look(() -> happened);
  }

  @Override
  public void await() throws InterruptedException {
    boolean _ = await(Deadline.NEVER);
  }

  @Override
  public boolean await(Duration timeout) throws InterruptedException {
    return await(Deadline.after(timeout));
  }

  private boolean await(Deadline deadline) throws InterruptedException {
    return waiting.look(
        () -> {
          long before = times;
          return waiting.await(() -> happened || times > before, deadline);
        });
  }

  @Override
  public String toString() {
    return isSet() ? "Event[set]" : "Event[clear]";
  }
}
