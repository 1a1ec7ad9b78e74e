package dev.procession.benchmarks;

import dev.procession.Pool;
import dev.procession.StartMode;

/** What workers of an executor are; CPython has each of these. */
enum ExecutorKind {
  THREAD("Pool.threads"),
  SPAWN("Pool.processes, spawned"),
  FORKSERVER("Pool.processes, standby"),
  INTERPRETER("Pool.interpreters");

  private final String title;

  ExecutorKind(String title) {
    this.title = title;
  }

  /** As tables call ours. */
  String title() {
    return title;
  }

  /** Opens one of ours. */
  Pool open(int workers) {
    return switch (this) {
      case THREAD -> Pool.threads(workers);
      case SPAWN -> processes(workers, StartMode.SPAWN);
      case FORKSERVER -> processes(workers, StartMode.STANDBY);
      case INTERPRETER -> Pool.interpreters(workers);
    };
  }

  private static Pool processes(int workers, StartMode mode) {
    return Pool.processes(options -> options.withWorkers(workers).withStartMode(mode));
  }
}
