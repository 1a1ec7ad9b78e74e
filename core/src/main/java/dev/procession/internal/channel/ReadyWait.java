package dev.procession.internal.channel;

import dev.procession.ChildProcess;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Deadline;
import dev.procession.internal.shared.SleepWord;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waiting for several things at once. Thread-safe. */
public final class ReadyWait {
  /** Something that may become ready. */
  public interface Source {
    /** Whether it is; if not, it has announced that somebody sleeps for it. */
    boolean isReady() throws InterruptedException;

    /** Where to sleep for it. */
    SleepWord asleep();
  }

  /** An endpoint from which may be received. */
  public record OfEndpoint(Endpoint endpoint) implements Source {
    @Override
    public boolean isReady() throws InterruptedException {
      return endpoint.poll(Deadline.in(0));
    }

    @Override
    public SleepWord asleep() {
      return endpoint.asleep();
    }
  }

  /** A future, which it does not keep; its word is announced until that is done. */
  private record OfFuture(SleepWord asleep) implements Source {
    static OfFuture of(CompletableFuture<?> future) {
      SleepWord word =
          new SleepWord(new SharedWords(Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES)), 0);
      word.announce();
      CompletableFuture<?> _ =
          future.whenComplete((value, failure) -> word.wakeAnyway(Integer.MAX_VALUE));
      return new OfFuture(word);
    }

    @Override
    public boolean isReady() {
      return !asleep.isAnnounced();
    }
  }

  /** Of processes and futures, so that waiting for one often adds one callback to it. */
  private static final Map<Object, OfFuture> FUTURES =
      Collections.synchronizedMap(new WeakHashMap<>());

  private ReadyWait() {}

  /**
   * Waits until some of several are ready.
   *
   * @param others makes a source of what is neither a process nor a future; null if it is nothing
   * @return those that are ready, in order; none if the time is over
   * @throws IllegalArgumentException if one cannot be waited for
   */
  public static <T> List<T> any(
      Collection<? extends T> awaited, Function<Object, @Nullable Source> others, Deadline deadline)
      throws InterruptedException {
    List<T> objects = new ArrayList<>(awaited);
    List<Source> sources = new ArrayList<>();
    for (T object : objects) {
      sources.add(source(object, others));
    }
    List<SleepWord> words = sources.stream().map(Source::asleep).toList();
    while (true) {
      List<T> ready = new ArrayList<>();
      for (int i = 0; i < sources.size(); i++) {
        if (sources.get(i).isReady()) {
          ready.add(objects.get(i));
        }
      }
      if (!ready.isEmpty() || deadline.isOver()) {
        return ready;
      }
      SleepWord.awaitAny(words, deadline);
    }
  }

  private static Source source(Object awaited, Function<Object, @Nullable Source> others) {
    Source source =
        switch (awaited) {
          case ChildProcess<?> process ->
              FUTURES.computeIfAbsent(process, p -> OfFuture.of(process.onExit()));
          case CompletableFuture<?> future ->
              FUTURES.computeIfAbsent(future, f -> OfFuture.of(future));
          default -> others.apply(awaited);
        };
    if (source == null) {
      throw new IllegalArgumentException(
          "neither connection, process nor future: class=" + awaited.getClass().getName());
    }
    return source;
  }
}
