package dev.procession.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What threads have done to something at the same time, and whether that can be explained: by an
 * order in which a sequential model would have given the same results, and in which nothing comes
 * before what had ended when it began (Herlihy and Wing, <i>Linearizability</i>, 1990).
 *
 * @param <S> state of the model, immutable
 */
public final class History<S> {
  /**
   * An operation.
   *
   * @param real does it; what it throws is a result, of which the class counts
   * @param model does it to the model
   */
  public record Operation<S>(
      String name, Callable<@Nullable Object> real, Function<S, Result<S>> model) {}

  /** What an operation of the model returns, and the state after it. */
  public record Result<S>(@Nullable Object value, S next) {}

  private record Event<S>(Operation<S> operation, @Nullable Object value, long begin, long end) {
    @Override
    public String toString() {
      return begin + "–" + end + " " + operation.name() + " → " + value;
    }
  }

  private final AtomicLong clock = new AtomicLong();
  private final List<Event<S>> events = Collections.synchronizedList(new ArrayList<>());

  /** Has each list of operations done by a thread of its own, all at the same time. */
  public void run(List<List<Operation<S>>> threads)
      throws ExecutionException, InterruptedException {
    CyclicBarrier start = new CyclicBarrier(threads.size());
    try (ExecutorService executor = Executors.newFixedThreadPool(threads.size())) {
      List<Future<?>> ends = new ArrayList<>();
      for (List<Operation<S>> operations : threads) {
        ends.add(
            executor.submit(
                () -> {
                  start.await();
                  operations.forEach(this::perform);
                  return true;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
  }

  private void perform(Operation<S> operation) {
    long begin = clock.incrementAndGet();
    Object value;
    try {
      value = operation.real().call();
    } catch (Exception e) {
      value = e.getClass();
    }
    events.add(new Event<>(operation, value, begin, clock.incrementAndGet()));
  }

  /** Whether an order explains it, from a state of the model on. */
  public boolean isLinearizable(S initial) {
    return canFollow(initial, List.copyOf(events));
  }

  private boolean canFollow(S state, List<Event<S>> rest) {
    long firstEnd = rest.stream().mapToLong(Event::end).min().orElse(Long.MAX_VALUE);
    for (int i = 0; i < rest.size(); i++) {
      Event<S> event = rest.get(i);
      if (event.begin() < firstEnd) {
        Result<S> result = event.operation().model().apply(state);
        boolean same =
            result.value() == null ? event.value() == null : result.value().equals(event.value());
        List<Event<S>> others = new ArrayList<>(rest);
        others.remove(i);
        if (same && canFollow(result.next(), others)) {
          return true;
        }
      }
    }
    return rest.isEmpty();
  }

  /** What was done when, and with what result. */
  @Override
  public String toString() {
    return events.toString();
  }
}
