package dev.procession.internal.pool;

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
    return isRecording() && new TaskEvent().isEnabled();
  }

  /** Whether somebody records workers that start and end now. */
  static boolean recordWorkers() {
    return isRecording()
        && (new WorkerStartEvent().isEnabled() || new WorkerEndEvent().isEnabled());
  }

  /** A task has ended. */
  static void task(String pool, String label, boolean failed) {
    TaskEvent event = new TaskEvent();
    event.pool = pool;
    event.task = label;
    event.failed = failed;
    event.commit();
  }

  static void workerStarted(String pool, WorkerStats worker) {
    WorkerStartEvent event = new WorkerStartEvent();
    event.pool = pool;
    event.worker = worker.name();
    event.pid = worker.pid();
    event.commit();
  }

  static void workerEnded(String pool, WorkerStats worker) {
    WorkerEndEvent event = new WorkerEndEvent();
    event.pool = pool;
    event.worker = worker.name();
    event.pid = worker.pid();
    event.tasks = worker.tasks();
    event.busy = worker.busy().toNanos();
    event.peakMemory = worker.memory().peakResident();
    event.commit();
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

  @Name("dev.procession.WorkerStart")
  @Label("Worker Start")
  @Category("Procession")
  @Description("A worker of a pool can run tasks")
  @StackTrace(false)
  static final class WorkerStartEvent extends Event {
    @Label("Pool")
    @Nullable String pool;

    @Label("Worker")
    @Nullable String worker;

    @Label("PID")
    long pid;
  }

  @Name("dev.procession.WorkerEnd")
  @Label("Worker End")
  @Category("Procession")
  @Description("A worker of a pool is gone")
  @StackTrace(false)
  static final class WorkerEndEvent extends Event {
    @Label("Pool")
    @Nullable String pool;

    @Label("Worker")
    @Nullable String worker;

    @Label("PID")
    long pid;

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
