package dev.procession.internal.pool;

import dev.procession.ProcessStartException;
import dev.procession.internal.launch.LaunchSpec;
import dev.procession.internal.launch.Standby;
import dev.procession.internal.launch.WorkerProcess;
import dev.procession.internal.launch.WorkerStartException;

/**
 * Workers that are JVMs on this machine.
 *
 * @param standby whether to take them from those that wait
 */
record ProcessWorkers(LaunchSpec spec, boolean standby) implements WorkerKind {
  @Override
  public Worker start(String name, Worker.Events events) {
    try {
      WorkerProcess process = standby ? Standby.take(spec, name) : WorkerProcess.start(spec, name);
      ProcessWorker worker = new ProcessWorker(process, name, events);
      worker.listen();
      return worker;
    } catch (WorkerStartException e) {
      throw new ProcessStartException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public WorkerKind withMaxHeap(String size) {
    return new ProcessWorkers(spec.withMaxHeap(size), false); // none waits that has it
  }

  @Override
  public Packer packer() {
    return new FrameParcel.FramePacker();
  }

  @Override
  public void check(Object task) {
    WorkerKind.requireSerializable(task, "process");
  }
}
