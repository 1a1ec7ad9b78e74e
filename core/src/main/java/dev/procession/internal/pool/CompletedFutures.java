package dev.procession.internal.pool;

import dev.procession.Results;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Futures in the order in which they are done. */
public final class CompletedFutures<T extends @Nullable Object>
    implements Results<CompletableFuture<T>> {
  private final LinkedBlockingQueue<CompletableFuture<T>> done = new LinkedBlockingQueue<>();
  private final FutureWatch watch;
  private final int all;
  private int left;

  /** Begins to wait for futures. */
  public CompletedFutures(Collection<CompletableFuture<T>> futures) {
    List<CompletableFuture<T>> distinct = FutureWait.distinct(futures);
    watch = new FutureWatch(distinct, done::add);
    all = distinct.size();
    left = all;
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public CompletableFuture<T> next() {
    try {
      return take(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw Collector.interrupted(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("three centuries have passed", e);
    }
  }

  @Override
  public CompletableFuture<T> next(Duration timeout) throws InterruptedException, TimeoutException {
    return take(TimeUnit.NANOSECONDS.convert(timeout));
  }

  private CompletableFuture<T> take(long nanos) throws InterruptedException, TimeoutException {
    if (left == 0) {
      throw new NoSuchElementException();
    }
    CompletableFuture<T> next = done.poll(nanos, TimeUnit.NANOSECONDS);
    if (next == null) {
      throw new TimeoutException("not done in time: " + left + " of " + all + " futures");
    }
    left--;
    return next;
  }

  @Override
  public void close() {
    left = 0;
    watch.close();
  }
}
