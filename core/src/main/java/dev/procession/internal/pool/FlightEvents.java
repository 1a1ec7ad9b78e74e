package dev.procession.internal.pool;

import dev.procession.PoolEvent;
import dev.procession.WorkerStats;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** What the flight recorder hears of pools, where there is one. */
final class FlightEvents {
  /** Whether this JVM has a flight recorder; a reduced run-time image may have none. */
  private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private FlightEvents() {}

  private static boolean isRecording() {
    return AVAILABLE && FlightRecorder.isInitialized();
  }

  /** Whether somebody records tasks now. */
  static boolean recordTasks() {
    return isRecording() && (new TaskEvent().isEnabled() || new TaskRetryEvent().isEnabled());
  }

  /** Whether somebody records workers that start and end now. */
  static boolean recordWorkers() {
    return isRecording()
        && (new WorkerStartEvent().isEnabled() || new WorkerEndEvent().isEnabled());
  }

  /** Records what has happened; where there is a flight recorder. */
  static void record(String pool, PoolEvent event) {
    switch (event) {
      case PoolEvent.TaskEnded ended -> {
        TaskEvent recorded = new TaskEvent();
        recorded.pool = pool;
        recorded.task = ended.task();
        recorded.failed = ended.failed();
        recorded.commit();
      }
      case PoolEvent.WorkerStarted started ->
          new WorkerStartEvent().about(pool, started.worker()).commit();
      case PoolEvent.WorkerEnded ended -> {
        WorkerStats worker = ended.worker();
        WorkerEndEvent recorded = new WorkerEndEvent();
        recorded.tasks = worker.tasks();
        recorded.busy = worker.busy().toNanos();
        recorded.peakMemory = worker.memory().peakResident();
        recorded.about(pool, worker).commit();
      }
      case PoolEvent.TaskRetried retried -> {
        TaskRetryEvent recorded = new TaskRetryEvent();
        recorded.pool = pool;
        recorded.task = retried.task();
        recorded.runs = retried.runs();
        recorded.commit();
      }
    }
  }

  /** A class of its own each, as they cannot be loaded where there is no flight recorder. */
  @Name("dev.procession.Task")
  @Label("Task")
  @Category("Procession")
  @Description("A task, or an item of a map, has ended")
  @StackTrace(false)
  static final class TaskEvent extends Event {
    @Label("Pool")
    @Nullable String pool;

    @Label("Task")
    @Nullable String task;

    @Label("Failed")
    boolean failed;
  }

  @Name("dev.procession.TaskRetry")
  @Label("Task Retry")
  @Category("Procession")
  @Description("A task, or an item of a map, has failed and is run again")
  @StackTrace(false)
  static final class TaskRetryEvent extends Event {
    @Label("Pool")
    @Nullable String pool;

    @Label("Task")
    @Nullable String task;

    @Label("Runs")
    @Description("How often it has been run so far")
    int runs;
  }

  /** What is said of a worker in any case. */
  abstract static class WorkerEvent extends Event {
    @Label("Pool")
    @Nullable String pool;

    @Label("Worker")
    @Nullable String worker;

    @Label("PID")
    long pid;

    final Event about(String itsPool, WorkerStats stats) {
      pool = itsPool;
      worker = stats.name();
      pid = stats.pid();
      return this;
    }
  }

  @Name("dev.procession.WorkerStart")
  @Label("Worker Start")
  @Category("Procession")
  @Description("A worker of a pool can run tasks")
  @StackTrace(false)
  static final class WorkerStartEvent extends WorkerEvent {}

  @Name("dev.procession.WorkerEnd")
  @Label("Worker End")
  @Category("Procession")
  @Description("A worker of a pool is gone")
  @StackTrace(false)
  static final class WorkerEndEvent extends WorkerEvent {

    @Label("Tasks")
    long tasks;

    @Label("Busy")
    @Timespan(Timespan.NANOSECONDS)
    long busy;

    @Label("Peak Memory")
    @DataAmount
    long peakMemory;
  }
}
