package dev.procession.internal.pool;

import dev.procession.Pool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Several tasks that are submitted together, and waited for together. */
final class Invocation<T extends @Nullable Object> {
  private final List<CompletableFuture<T>> futures = new ArrayList<>();

  /** Submits the tasks; if one cannot be, cancels the others. */
  Invocation(Pool pool, Collection<? extends Callable<T>> tasks) {
    boolean submitted = false;
    try {
      for (Callable<T> task : tasks) {
        futures.add(pool.submit(task));
      }
      submitted = true;
    } finally {
      if (!submitted) {
        cancel();
      }
    }
  }

  /** Waits for all; cancels those that are not done in time. */
  List<Future<T>> all(long nanos) throws InterruptedException {
    CompletableFuture<?> all =
        CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]));
    try {
      all.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | CancellationException e) {
      // each future says itself how it ended
    } catch (TimeoutException e) {
      cancel();
    } catch (InterruptedException e) {
      cancel();
      throw e;
    }
    return new ArrayList<>(futures);
  }

  /** Waits for one that succeeds; cancels the others. */
  T any(long nanos) throws InterruptedException, ExecutionException, TimeoutException {
    if (futures.isEmpty()) {
      throw new IllegalArgumentException("no tasks");
    }
    CompletableFuture<T> first = new CompletableFuture<>();
    AtomicInteger left = new AtomicInteger(futures.size());
    for (CompletableFuture<T> future : futures) {
      var _ =
          future.whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  first.complete(value);
                } else if (left.decrementAndGet() == 0) {
                  first.completeExceptionally(failure);
                }
              });
    }
    try {
      return first.get(nanos, TimeUnit.NANOSECONDS);
    } finally {
      cancel();
    }
  }

  @SuppressWarnings("Interruption") // as those of the JDK do: nobody wants what they return
  private void cancel() {
    futures.forEach(future -> future.cancel(true));
  }
}
