package dev.procession.testing;

import dev.procession.InterpreterPoolOptions;
import dev.procession.Pool;
import dev.procession.PoolOptions;
import dev.procession.ProcessPoolOptions;
import dev.procession.ThreadPoolOptions;
import java.util.function.UnaryOperator;

/** What the workers of a pool are. */
public enum PoolKind {
  PROCESSES {
    @Override
    public Pool open(UnaryOperator<PoolOptions<?>> choice) {
      return Pool.processes(options -> (ProcessPoolOptions) choice.apply(options));
    }
  },
  INTERPRETERS {
    @Override
    public Pool open(UnaryOperator<PoolOptions<?>> choice) {
      return Pool.interpreters(options -> (InterpreterPoolOptions) choice.apply(options));
    }
  },
  THREADS {
    @Override
    public Pool open(UnaryOperator<PoolOptions<?>> choice) {
      return Pool.threads(options -> (ThreadPoolOptions) choice.apply(options));
    }
  };

  /** A pool with so many workers. */
  public Pool open(int workers) {
    return open(options -> options.withWorkers(workers));
  }

  /** A pool like that. */
  public abstract Pool open(UnaryOperator<PoolOptions<?>> choice);
}
