package dev.procession.internal.pool;

import dev.procession.Awaited;
import dev.procession.ReturnWhen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A wait for some of several futures. */
public final class FutureWait<T extends @Nullable Object> {
  private final List<CompletableFuture<T>> futures;
  private final ReturnWhen when;
  private final CountDownLatch enough = new CountDownLatch(1);
  private final AtomicInteger left;

  /** A wait for futures, each counted once. */
  public FutureWait(Collection<? extends CompletableFuture<T>> given, ReturnWhen when) {
    this.when = when;
    this.futures = distinct(given);
    this.left = new AtomicInteger(futures.size());
  }

  /** Each once, in the order in which they were given. */
  static <T extends @Nullable Object> List<CompletableFuture<T>> distinct(
      Collection<? extends CompletableFuture<T>> given) {
    Set<CompletableFuture<T>> known = Collections.newSetFromMap(new IdentityHashMap<>());
    List<CompletableFuture<T>> distinct = new ArrayList<>();
    for (CompletableFuture<T> future : given) {
      if (known.add(future)) {
        distinct.add(future);
      }
    }
    return distinct;
  }

  /** Waits, for so long. */
  public Awaited<T> await(long nanos) throws InterruptedException {
    try (FutureWatch _ = new FutureWatch(futures, this::ended)) {
      boolean _ = futures.isEmpty() || enough.await(nanos, TimeUnit.NANOSECONDS);
    }
    Map<Boolean, List<CompletableFuture<T>>> found =
        futures.stream().collect(Collectors.partitioningBy(CompletableFuture::isDone));
    return new Awaited<>(List.copyOf(found.get(true)), List.copyOf(found.get(false)));
  }

  private void ended(CompletableFuture<T> future) {
    boolean failed = future.isCompletedExceptionally() && !future.isCancelled();
    if (left.decrementAndGet() == 0
        || when == ReturnWhen.FIRST_COMPLETED
        || (when == ReturnWhen.FIRST_EXCEPTION && failed)) {
      enough.countDown();
    }
  }
}
