package dev.procession.internal.pool;

/** Workers that are threads of this process: nothing travels, and nothing is isolated. */
record ThreadWorkers() implements WorkerKind {
  @Override
  public Worker start(String name, Worker.Events events) {
    ThreadWorker worker = new ThreadWorker(name, events, Border.NONE);
    worker.start();
    return worker;
  }

  @Override
  public Packer packer() {
    return new ObjectParcel.ObjectPacker();
  }

  @Override
  public void check(Object task) {
    // any will do
  }
}
