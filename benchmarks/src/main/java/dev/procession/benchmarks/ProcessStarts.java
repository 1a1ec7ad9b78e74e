package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import dev.procession.StartMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Processes that are started at the same time, each by a thread: a start returns when it is done.
 */
final class ProcessStarts implements AutoCloseable {
  private final int count;
  private final StartMode mode;
  private final ExecutorService threads;

  ProcessStarts(int count, StartMode mode) {
    this.count = count;
    this.mode = mode;
    this.threads = Executors.newFixedThreadPool(count);
  }

  /** Nanoseconds until each has answered a no-op; they have ended when it returns. */
  double measure() throws ExecutionException, InterruptedException {
    List<Future<ChildProcess<@Nullable Object>>> starting = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      starting.add(threads.submit(this::answered));
    }
    List<ChildProcess<@Nullable Object>> children = new ArrayList<>();
    for (Future<ChildProcess<@Nullable Object>> start : starting) {
      children.add(start.get());
    }
    long nanos = System.nanoTime() - begin;
    children.forEach(ChildProcess::close);
    return nanos;
  }

  private ChildProcess<@Nullable Object> answered() {
    ChildProcess<@Nullable Object> child =
        ChildProcess.call(options -> options.withStartMode(mode), () -> null);
    Object _ = child.result().join();
    return child;
  }

  @Override
  public void close() {
    threads.close();
  }
}
