package dev.procession.internal.pool;

import dev.procession.internal.os.SystemThreads;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does things later, in one daemon thread for the whole process. They must be short. */
final class Timer {
  private static final ScheduledThreadPoolExecutor EXECUTOR =
      new ScheduledThreadPoolExecutor(
          1, SystemThreads.own().daemon().name("procession-shared-timer").factory());

  static {
    EXECUTOR.setRemoveOnCancelPolicy(true);
  }

  private Timer() {}

  static Future<?> after(long nanos, Runnable action) {
    return EXECUTOR.schedule(action, nanos, TimeUnit.NANOSECONDS);
  }
}
