package dev.procession.internal.pool;

import dev.procession.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results of many items in their order, and what those that failed have thrown. */
final class Gathered<R extends @Nullable Object> {
  /** Failures beside the first that are told of. */
  private static final int MOST_SUPPRESSED = 16;

  private final List<R> results;
  private final List<Throwable> failures = new ArrayList<>();

  Gathered(int size) {
    this.results = new ArrayList<>(size);
  }

  /** Adds the next outcome, which was read. */
  @SuppressWarnings("unchecked")
  void add(Outcome outcome) {
    Throwable failure = outcome.failure();
    if (failure != null) {
      failures.add(failure);
    } else {
      results.add((R) outcome.value());
    }
  }

  /** What the first item that failed has thrown, with some of the others; or null. */
  @SuppressWarnings("ReferenceEquality") // items may fail with one exception, in threads
  @Nullable Throwable failure() {
    if (failures.isEmpty()) {
      return null;
    }
    Throwable first = failures.getFirst();
    for (int i = 1; i < Math.min(failures.size(), 1 + MOST_SUPPRESSED); i++) {
      if (failures.get(i) != first) {
        first.addSuppressed(failures.get(i));
      }
    }
    return first;
  }

  /** The results, if none has failed. */
  List<R> results() {
    return results;
  }

  /** A failure as it leaves a method that cannot throw checked exceptions. */
  static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw Boundary.cross(error);
    }
    return failure instanceof RuntimeException unchecked
        ? Boundary.cross(unchecked)
        : new TaskFailedException(failure);
  }
}
