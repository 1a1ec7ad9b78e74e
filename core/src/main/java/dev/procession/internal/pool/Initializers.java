package dev.procession.internal.pool;

import dev.procession.TaskTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers that run the initializer of their pool, for which each has a limited time. Guarded by the
 * lock of its {@link Scheduler}.
 */
final class Initializers {
  private final Supplier<@Nullable Initialization> initializations;
  private final Duration limit;
  private final Dispatcher.Later later;
  private final Consumer<TaskTimeoutException> late;
  private final Map<Worker, Running> running = new HashMap<>();

  private record Running(Initialization initialization, Alarm alarm) {}

  /**
   * @param initializations makes what a worker runs first, or null
   * @param limit of each
   * @param late hears of one that takes longer, with what its worker does
   */
  Initializers(
      Supplier<@Nullable Initialization> initializations,
      Duration limit,
      Dispatcher.Later later,
      Consumer<TaskTimeoutException> late) {
    this.initializations = initializations;
    this.limit = limit;
    this.later = later;
    this.late = late;
  }

  /** A worker runs it, if there is one; false if there is none. */
  boolean begin(Worker worker) {
    Initialization first = initializations.get();
    if (first == null) {
      return false;
    }
    Alarm alarm = new Alarm(later, () -> lookAt(worker, first));
    running.put(worker, new Running(first, alarm));
    alarm.setIn(TimeUnit.NANOSECONDS.convert(limit));
    if (!worker.give(first.chunk())) {
      worker.kill(); // its ring is empty: it is gone
    }
    return true;
  }

  /** What a worker runs, or null. */
  @Nullable Initialization of(Worker worker) {
    Running its = running.get(worker);
    return its == null ? null : its.initialization();
  }

  /** It takes too long. */
  private void lookAt(Worker worker, Initialization first) {
    later.traced(
        worker,
        trace -> {
          if (first.equals(of(worker))) {
            late.accept(new TaskTimeoutException(Initialization.WHAT, limit, false, trace));
          }
        });
  }

  /** A worker has run it, or is gone; false if it did not run it. */
  boolean end(Worker worker) {
    Running its = running.remove(worker);
    if (its != null) {
      its.alarm().stop();
    }
    return its != null;
  }
}
